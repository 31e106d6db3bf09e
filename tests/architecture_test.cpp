// The project's own rules, read off its sources: who may include whom, where a library has its home, and that no file
// lies about unused. The tables come first; a rule is changed there and in ARCHITECTURE.md.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

// ---- The rules
// -----------------------------------------------------------------------------------------------------

/// What the files under a folder (or beginning with these letters) may include of ours; the longest name that fits a
/// file counts. What is named in `but_not` is refused even so.
struct Folder {
  std::string_view files;
  std::vector<std::string_view> may_include;
  std::vector<std::string_view> but_not = {};
};
const std::vector<Folder> folders = {
    {"shared/foundation/", {"shared/foundation/"}},
    {"shared/model/", {"shared/foundation/", "shared/model/"}},
    {"shared/forms/", {"shared/foundation/", "shared/model/", "shared/forms/"}},
    {"shared/storage/", {"shared/foundation/", "shared/model/", "shared/forms/", "shared/storage/"}},
    {"shared/intake/", {"shared/foundation/", "shared/model/", "shared/forms/", "shared/intake/"}},
    {"shared/paper/", {"shared/foundation/", "shared/model/", "shared/forms/", "shared/paper/"}},
    {"shared/matching/",
     {"shared/foundation/", "shared/model/", "shared/forms/", "shared/storage/", "shared/matching/"}},
    {"shared/desk/", {"shared/"}, {"shared/reports/"}},
    {"shared/reports/", {"shared/"}, {"shared/paper/", "shared/reports/sheets/"}},
    {"shared/reports/sheets/", {"shared/"}},
    {"sync/", {"shared/", "sync/"}, {"sync/central/", "shared/reports/", "shared/desk/"}},
    {"sync/central/", {"shared/", "sync/"}, {"sync/worker.h", "sync/http_transport.h", "sync/exchange.h"}},
    // The window: models see what is true and what the worker tells; screens see models and widgets; only the program
    // itself sees the store and the worker.
    {"client/model/", {"shared/", "client/model/", "sync/worker.h"}},
    {"client/screens/",
     {"client/model/", "client/ui/", "client/screens/", "shared/foundation/", "shared/model/", "shared/forms/"}},
    {"client/ui/", {"client/ui/", "shared/foundation/"}},
    {"client/app", {"client/", "shared/", "sync/"}, {"sync/central/", "client/window.h", "client/offscreen.h"}},
    {"client/drives", {"client/drives.h"}},
    {"client/machine", {"client/machine.h"}},
    {"client/duplicates_reader", {"client/duplicates_reader.h", "client/model/", "shared/"}},
    {"client/people_reader", {"client/people_reader.h", "client/model/", "shared/"}},
    {"client/report_maker", {"client/report_maker.h", "shared/"}},
    {"client/desk_reader", {"client/desk_reader.h", "shared/"}},
    {"client/desktop", {"client/desktop.h"}},
    {"client/main.cpp", {"client/", "shared/", "sync/"}, {"sync/central/"}},
    {"client/window", {"client/window.h", "client/model/window_place.h", "client/ui/", "shared/foundation/"}},
    {"client/offscreen", {"client/offscreen.h", "client/window.h", "client/ui/", "shared/foundation/"}},
    {"tools/", {"shared/", "sync/", "tools/"}},
    {"tests/", {"shared/", "sync/", "client/", "tools/", "tests/"}},
};

/// Names that only some files may speak, whatever they include: a model holds what the store said, never the store.
struct Word {
  std::string_view pattern;
  std::string_view not_in;
  std::string_view why;
  std::string_view but_in = "nowhere";
};
const std::vector<Word> words = {
    {R"(\b(Store|Worker)\s*[&*]|<(Store|Worker)>|\bStore::open\b)", "client/model/",
     "a model cannot reach the store or the worker"},
    {R"(\b(Store|Worker|Transport)\b)", "client/screens/",
     "a screen cannot reach the store, the worker or the network"},
    {R"(\bImGui::|\bGLFW)", "client/model/", "a model is tested without a window"},
    {R"(\b(system_clock|steady_clock|random_device|mt19937)\b|\bsleep_for\b)", "shared/model/",
     "the model has no time and no chance"},
    {R"(\b(system_clock|steady_clock|random_device|mt19937)\b|\bsleep_for\b)", "shared/forms/",
     "forms have no time and no chance"},
    {R"(\b(system_clock|steady_clock|random_device|mt19937)\b|\bsleep_for\b)", "shared/paper/",
     "a paper has no time and no chance"},
    {R"(\b(system_clock|steady_clock|random_device|mt19937)\b|\bsleep_for\b)", "shared/storage/",
     "time and chance come in through the constructor",
     // It waits for another process to let go of the store, which no clock of ours can hasten.
     "shared/storage/vault.cpp"},
};

/// A library's headers have one home, and a few further rooms where each has its reason.
struct Library {
  std::string_view header;
  std::vector<std::string_view> homes;
};
const std::vector<Library> libraries = {
    {"sqlcipher/",
     {"shared/storage/sqlite.cpp", "tools/simulation/sim_disk.cpp", "tests/sqlite_test.cpp",
      "tests/faults/allocations.cpp"}},
    {"curl/", {"sync/http_transport.cpp"}},
    {"boost/", {"sync/central/http_server.cpp"}},
    {"libpq-fe.h", {"sync/central/postgres_backend.cpp"}},
    {"imgui",
     {"client/ui/", "client/screens/", "client/window.cpp", "client/offscreen.cpp", "client/main.cpp", "tests/"}},
    {"backends/imgui_", {"client/window.cpp", "client/offscreen.cpp"}},
    {"GLFW/", {"client/ui/", "client/screens/", "client/window.cpp", "tests/"}},
    {"GL/", {"client/window.cpp", "client/offscreen.cpp"}},
    {"EGL/", {"client/offscreen.cpp"}},
    {"stb_image", {"client/offscreen.cpp", "tests/"}},
    {"sodium.h", {"shared/foundation/"}},
    {"openssl/",
     {"shared/foundation/crypto.cpp", "shared/storage/raw_pages.cpp", "sync/central/tls_identity.cpp", "tests/"}},
    {"turbojpeg.h", {"shared/intake/picture.cpp", "tests/"}},
    {"png.h", {"shared/intake/picture.cpp", "tests/"}},
    {"cairo", {"shared/paper/canvas.cpp"}},
    {"xlsxwriter.h", {"shared/reports/sheets/workbook.cpp"}},
    {"pango/", {"shared/paper/canvas.cpp"}},
    {"zstd.h", {"shared/foundation/compress.cpp"}},
    {"utf8proc.h", {"shared/foundation/"}},
    {"fmt/", {""}},
    {"nlohmann/", {""}},
    {"doctest/", {"tests/"}},
    // The system: files and processes below the store, sockets in the transports and in tests.
    {"dlfcn.h", {"tests/"}},
    {"execinfo.h", {"tests/"}},
    {"fcntl.h", {"shared/storage/", "client/drives.cpp", "client/desktop.cpp", "tools/", "tests/"}},
    {"unistd.h", {"shared/storage/", "client/drives.cpp", "client/desktop.cpp", "tools/", "tests/"}},
    {"spawn.h", {"client/desktop.cpp", "tests/"}},
    {"termios.h", {"shared/storage/passphrase.cpp"}},
    {"pthread.h", {"sync/central/main.cpp"}},
    {"signal.h", {"sync/central/main.cpp", "tools/", "tests/"}},
    {"stdlib.h", {"shared/storage/", "tools/", "tests/"}},
    {"malloc.h", {"tools/"}},
    {"poll.h", {"client/drives.cpp", "tools/", "tests/"}},
    {"sched.h", {"tools/"}},
    {"linux/", {"tools/"}},
    {"net/", {"tools/"}},
    {"sys/",
     {"shared/storage/", "sync/central/http_server.cpp", "client/drives.cpp", "client/desktop.cpp", "tools/",
      "tests/"}},
    {"arpa/", {"sync/http_transport.cpp", "tools/", "tests/"}},
    {"netinet/", {"sync/http_transport.cpp", "sync/central/http_server.cpp", "tools/", "tests/"}},
};
/// Of the standard library: what is pure knows neither files nor threads.
const std::vector<Library> standard_headers = {
    {"fstream", {"client/drives.cpp", "client/machine.cpp", "tools/", "tests/"}},
    {"iostream", {"tools/", "tests/"}},
    {"filesystem", {"shared/storage/", "sync/central/", "sync/stick_folder", "client/", "tools/", "tests/"}},
    {"thread", {"shared/storage/vault.cpp", "sync/", "client/", "tools/", "tests/"}},
    {"random", {"tests/"}},
};

const std::vector<std::string> source_folders = {"shared", "sync", "client", "tools", "tests"};
// Put together, so that this file does not hold them.
const std::vector<std::string> unfinished_marks = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                                   std::string("HA") + "CK"};

// ---- Reading the sources
// ---------------------------------------------------------------------------------------------

struct Include {
  std::string header;
  bool ours = false;  // in quotes
};
std::vector<Include> includes_of(const std::string& text) {
  static const std::regex line(R"(^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"])", std::regex::multiline);
  std::vector<Include> out;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    out.push_back({(*at)[2].str(), (*at)[1].str() == "\""});
  return out;
}

bool begins_with_any(std::string_view text, const std::vector<std::string_view>& beginnings) {
  for (const std::string_view beginning : beginnings)
    if (text.starts_with(beginning)) return true;
  return false;
}

const Library* library_of(std::string_view header) {
  for (const Library& library : libraries)
    if (header.starts_with(library.header)) return &library;
  return nullptr;
}

/// What is wrong with one file, each fault as a sentence.
std::vector<std::string> faults_of(const std::string& file, const std::string& text) {
  std::vector<std::string> out;
  const Folder* folder = nullptr;
  for (const Folder& one : folders)
    if (std::string_view(file).starts_with(one.files) && (!folder || one.files.size() > folder->files.size()))
      folder = &one;
  if (!folder) out.push_back(file + " is in a folder that has no rule");
  for (const Include& include : includes_of(text)) {
    const std::string& header = include.header;
    if (include.ours) {
      if (folder && (!begins_with_any(header, folder->may_include) || begins_with_any(header, folder->but_not)))
        out.push_back(file + " may not include " + header);
      continue;
    }
    if (const Library* library = library_of(header)) {
      if (!begins_with_any(file, library->homes)) out.push_back(file + " is no home of <" + header + ">");
    } else if (header.find_first_of("./") != std::string::npos) {
      out.push_back(file + " includes <" + header + ">, a library without a home");
    }
    for (const Library& standard : standard_headers)
      if (header == standard.header && !begins_with_any(file, standard.homes))
        out.push_back(file + " is no home of <" + header + ">");
  }
  for (const Word& word : words)
    if (std::string_view(file).starts_with(word.not_in) && !std::string_view(file).starts_with(word.but_in)) {
      std::smatch found;
      if (std::regex_search(text, found, std::regex(std::string(word.pattern))))
        out.push_back(file + " says " + found.str() + ": " + std::string(word.why));
    }
  if (file.ends_with(".h") && text.find("#pragma once") == std::string::npos)
    out.push_back(file + " has no #pragma once");
  for (const std::string& mark : unfinished_marks)
    if (text.find(mark) != std::string::npos) out.push_back(file + " is unfinished: " + mark);
  return out;
}

std::map<std::string, std::string> read_sources(const std::vector<std::string>& under,
                                                const std::set<std::string>& kinds) {
  namespace fs = std::filesystem;
  const fs::path root = FIELDPOST_SOURCE_DIR;
  std::map<std::string, std::string> out;
  for (const std::string& folder : under)
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || !kinds.contains(entry.path().extension().string())) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      out[fs::relative(entry.path(), root).generic_string()] = {std::istreambuf_iterator<char>(in), {}};
    }
  return out;
}
const std::map<std::string, std::string>& sources() {
  static const std::map<std::string, std::string> all = read_sources(source_folders, {".h", ".cpp"});
  return all;
}

bool says(const std::vector<std::string>& faults, const char* part) {
  for (const std::string& fault : faults)
    if (fault.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("every source includes only what its folder may see, and libraries stay in their homes") {
  REQUIRE(sources().size() > 100);
  for (const auto& [file, text] : sources())
    for (const std::string& fault : faults_of(file, text)) FAIL_CHECK(fault);
}

TEST_CASE("a source that breaks a rule is named, with the rule") {
  CHECK(faults_of("shared/model/change.cpp", "#include \"shared/model/change.h\"\n#include <vector>\n").empty());
  CHECK(says(faults_of("shared/forms/form.cpp", "#include \"shared/storage/store.h\"\n"), "may not include"));
  CHECK(says(faults_of("shared/model/merge.cpp", "  #  include \"sync/worker.h\"\n"), "may not include"));
  CHECK(says(faults_of("sync/exchange.cpp", "#include \"sync/central/endpoint.h\"\n"), "may not include"));
  CHECK(says(faults_of("client/app.cpp", "#include \"sync/central/endpoint.h\"\n"), "may not include"));
  CHECK(faults_of("client/app.cpp", "#include \"sync/worker.h\"\n#include \"shared/storage/store.h\"\n").empty());
  CHECK(says(faults_of("client/screens/home.cpp", "#include \"shared/storage/store.h\"\n"), "may not include"));
  CHECK(says(faults_of("client/screens/home.cpp", "#include \"sync/worker.h\"\n"), "may not include"));
  CHECK(says(faults_of("client/model/form_entry.cpp", "#include \"client/ui/widgets.h\"\n"), "may not include"));
  CHECK(says(faults_of("client/model/form_entry.h", "#pragma once\nvoid load(Store& store);\n"), "says Store&"));
  CHECK(says(faults_of("shared/forms/form.cpp", "#include \"form.h\"\n"), "may not include"));
  CHECK(says(faults_of("shared/storage/view.cpp", "#include <sqlcipher/sqlite3.h>\n"), "no home"));
  CHECK(says(faults_of("shared/storage/view.cpp", "#include <sqlite3.h>\n"), "without a home"));
  CHECK(says(faults_of("sync/exchange.cpp", "#include <curl/curl.h>\n"), "no home"));
  CHECK(says(faults_of("client/model/action.h", "#pragma once\n#include <imgui.h>\n"), "no home"));
  CHECK(says(faults_of("shared/model/merge.cpp", "#include <fstream>\n"), "no home"));
  CHECK(says(faults_of("shared/model/merge.h", "struct Nothing;\n"), "#pragma once"));
  CHECK(says(faults_of("shared/model/merge.cpp", "// " + unfinished_marks[0] + "\n"), "unfinished"));
  CHECK(says(faults_of("shared/else/where.cpp", ""), "has no rule"));
}

TEST_CASE("what is included is there, and no header lies about unused") {
  std::set<std::string> included;
  for (const auto& [file, text] : sources())
    for (const Include& include : includes_of(text))
      if (include.ours) {
        CHECK_MESSAGE(sources().contains(include.header),
                      file << " includes " << include.header << ", which is not there");
        // A header that only its own .cpp knows serves nobody.
        if (include.header.substr(0, include.header.rfind('.')) != file.substr(0, file.rfind('.')))
          included.insert(include.header);
      }
  for (const auto& [file, text] : sources())
    if (file.ends_with(".h")) CHECK_MESSAGE(included.contains(file), file << " is included by nobody");
}

TEST_CASE("every .cpp is part of a target") {
  std::ifstream in(std::filesystem::path(FIELDPOST_BINARY_DIR) / "compile_commands.json");
  const nlohmann::json commands = nlohmann::json::parse(in, nullptr, false);
  REQUIRE(commands.is_array());
  std::set<std::string> compiled;
  for (const nlohmann::json& command : commands)
    compiled.insert(
        std::filesystem::relative(command.at("file").get<std::string>(), FIELDPOST_SOURCE_DIR).generic_string());
  const bool with_client = compiled.contains("client/main.cpp");
  if (!with_client) MESSAGE("built without the window: its sources are not looked at");
  for (const auto& [file, text] : sources()) {
    if (!file.ends_with(".cpp")) continue;
    if (!with_client && (file.starts_with("client/") || file.starts_with("tests/client_"))) continue;
    CHECK_MESSAGE(compiled.contains(file), file << " is compiled by no target");
  }
}

TEST_CASE("scripts and build files are finished too") {
  std::map<std::string, std::string> others =
      read_sources({"assets", "tools", "tests"}, {".txt", ".cmake", ".json", ".sh", ""});
  for (const auto& [file, text] : others)
    for (const std::string& mark : unfinished_marks)
      CHECK_MESSAGE(text.find(mark) == std::string::npos, file << " is unfinished: " << mark);
}
