// Runs a fuzz target over a corpus and over a fixed number of seeded mutations of it, so that the normal test run
// needs no fuzzer. The same arguments give the same inputs: a crash names the file and the mutation.
//
//   NAME_fuzz [--mutations N] FILE|FOLDER…
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shared/foundation/clock.h"
#include "tests/fuzz/fuzz.h"

namespace {

using fieldpost::Bytes;

char running[512];  // what is run at this moment, for the one who reads of a crash

void tell_and_die(int number) {
  const ssize_t ignored = write(STDERR_FILENO, running, std::strlen(running));
  (void)ignored;
  signal(number, SIG_DFL);
  raise(number);
}

void run(const std::string& name, std::size_t mutation, const Bytes& input) {
  std::snprintf(running, sizeof running, "crashed on mutation %zu (0: none) of %s\n", mutation, name.c_str());
  // In memory of its very size, so that a read past the end is seen by the sanitizers.
  const Bytes exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

Bytes mutated(const std::vector<Bytes>& corpus, std::size_t which, fieldpost::Random& random) {
  Bytes out = corpus[which];
  const auto place = [&] { return static_cast<std::ptrdiff_t>(random.below(out.size() + 1)); };
  for (std::uint64_t times = 1 + random.below(4); times > 0; --times) {
    static constexpr std::uint8_t edges[] = {0x00, 0x17, 0x18, 0x1b, 0x3b, 0x40, 0x5f, 0x60, 0x7f, 0x80,
                                             0x9b, 0x9f, 0xc2, 0xc4, 0xf6, 0xff, '"',  '(',  '{',  '\\'};
    const std::ptrdiff_t at = place();
    const auto byte = at < static_cast<std::ptrdiff_t>(out.size()) ? out.begin() + at : out.end();
    switch (random.below(7)) {
      case 0:
        if (byte != out.end()) *byte ^= static_cast<std::uint8_t>(1u << random.below(8));
        break;
      case 1:
        if (byte != out.end()) *byte = edges[random.below(std::size(edges))];
        break;
      case 2: out.insert(byte, edges[random.below(std::size(edges))]); break;
      case 3: out.resize(static_cast<std::size_t>(at)); break;
      case 4: {  // a part goes
        const std::ptrdiff_t left = out.end() - byte;
        out.erase(byte, byte + static_cast<std::ptrdiff_t>(
                                   random.below(static_cast<std::uint64_t>(std::min<std::ptrdiff_t>(left, 40)) + 1)));
        break;
      }
      case 5: {  // a part comes twice
        const Bytes part(byte, byte + std::min<std::ptrdiff_t>(out.end() - byte,
                                                               1 + static_cast<std::ptrdiff_t>(random.below(60))));
        out.insert(out.begin() + place(), part.begin(), part.end());
        break;
      }
      default: {  // the rest of another
        const Bytes& other = corpus[random.below(corpus.size())];
        const auto from = other.begin() + static_cast<std::ptrdiff_t>(random.below(other.size() + 1));
        out.erase(byte, out.end());
        out.insert(out.end(), from, other.end());
        break;
      }
    }
  }
  if (out.size() > (1u << 20)) out.resize(1u << 20);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::size_t mutations = 0;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--mutations" && i + 1 < argc) {
      mutations = std::stoul(argv[++i]);
    } else if (fs::is_directory(argv[i])) {
      for (const auto& entry : fs::recursive_directory_iterator(argv[i]))
        if (entry.is_regular_file()) names.push_back(entry.path().string());
    } else {
      names.emplace_back(argv[i]);
    }
  }
  std::sort(names.begin(), names.end());
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) signal(number, tell_and_die);

  std::vector<Bytes> corpus;
  for (const std::string& name : names) {
    std::ifstream in(name, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (!in) {
      std::fprintf(stderr, "%s: cannot be read\n", name.c_str());
      return 2;
    }
    run(name, 0, corpus.back());
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "no corpus: name a file or a folder\n");
    return 2;
  }
  fieldpost::SeededRandom random(20251114);
  for (std::size_t mutation = 1; mutation <= mutations; ++mutation) {
    const std::size_t which = mutation % corpus.size();
    run(names[which], mutation, mutated(corpus, which, random));
  }
  std::printf("%zu files, %zu mutations\n", corpus.size(), mutations);
  return 0;
}
