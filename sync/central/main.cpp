// fieldpost-central: the office's endpoint. Exit codes: 0 stopped when asked to, 1 failed, 2 wrong usage.
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/limits.h"
#include "shared/foundation/testable_clock.h"
#include "shared/storage/files.h"
#include "sync/central/central_home.h"

namespace {

using namespace fieldpost;

constexpr const char* usage =
    "fieldpost-central --home DIR [--listen 127.0.0.1:8443] [--user NAME]\n"
    "                  [--tls-cert FILE --tls-key FILE | --plain-http]\n"
    "\n"
    "Máy chủ trung tâm. Khóa kho dữ liệu lấy từ FIELDPOST_KEY_FILE, nếu không thì từ mật khẩu FIELDPOST_PASSPHRASE.\n"
    "Không có chứng thư thì tự tạo; máy tính xách tay chỉ tin khóa ghi trong phiếu đăng ký. --plain-http chỉ dùng "
    "trên\n"
    "chính máy này.\n"
    "The office's endpoint. The store's key comes from FIELDPOST_KEY_FILE, else from the passphrase in\n"
    "FIELDPOST_PASSPHRASE. Without a certificate it makes its own; laptops trust the key pinned in their ticket and\n"
    "nothing else. --plain-http works on loopback addresses only.\n";

struct Arguments {
  std::string home, listen = "127.0.0.1:8443", user, certificate_file, key_file, database;
  bool plain_http = false, help = false;
};

/// Empty when the words are understood, else what is wrong with them.
std::string parse(const std::vector<std::string>& words, Arguments& out) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string name = words[i];
    if (name == "--help" || name == "-h") {
      out.help = true;
      return {};
    }
    if (name == "--plain-http") {
      out.plain_http = true;
      continue;
    }
    std::string* target = nullptr;
    std::string value;
    const std::size_t equals = name.starts_with("--") ? name.find('=') : std::string::npos;
    const bool joined = equals != std::string::npos;
    if (joined) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    if (name == "--home")
      target = &out.home;
    else if (name == "--listen")
      target = &out.listen;
    else if (name == "--user")
      target = &out.user;
    else if (name == "--tls-cert")
      target = &out.certificate_file;
    else if (name == "--tls-key")
      target = &out.key_file;
    else if (name == "--database")
      target = &out.database;
    if (target == nullptr) return name + ": không có tùy chọn này (unknown option)";
    if (!joined) {
      if (i + 1 == words.size()) return name + ": thiếu giá trị (needs a value)";
      value = words[++i];
    }
    *target = std::move(value);
  }
  if (!out.database.empty())
    return "--database: bản này chỉ có kho dữ liệu kèm theo; PostgreSQL sẽ có sau (this version has its embedded "
           "store "
           "only; PostgreSQL comes later)";
  if (out.home.empty()) return "--home DIR: cần thư mục (is needed)";
  if (out.certificate_file.empty() != out.key_file.empty())
    return "--tls-cert, --tls-key: cần cả hai (both are needed)";
  if (out.plain_http && !out.certificate_file.empty())
    return "--plain-http: không dùng cùng chứng thư (not together with a certificate)";
  return {};
}

int fail(const Error& error) {
  std::fprintf(stderr, "fieldpost-central: không chạy được (failed, %s): %s\n", code_name(error.code),
               error.message.c_str());
  return 1;
}

int run(const Arguments& arguments) {
  // Taken by sigwait below; blocked before the first thread starts, so that no thread dies of them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const TestableClock clock;
  SystemRandom random;
  const Log log(clock);
  CentralHome::Options options;
  options.path = arguments.home;
  options.user = arguments.user;
  options.may_create = true;
  options.serves = true;
  if (!arguments.certificate_file.empty()) {
    const Result<Bytes> certificate = read_small_file(arguments.certificate_file, 1 << 20);
    if (!certificate) return fail(certificate.error());
    const Result<Bytes> key = read_small_file(arguments.key_file, 1 << 20);
    if (!key) return fail(key.error());
    options.certificate = TlsIdentity{std::string(text_of(*certificate)), std::string(text_of(*key))};
  }
  const Catalogue& catalogue = shipped_catalogue();
  Result<std::unique_ptr<CentralHome>> home = CentralHome::open(options, clock, random, catalogue);
  if (!home) return fail(home.error());

  Endpoint endpoint((*home)->backend(), (*home)->office().keys(), catalogue, clock, random, &(*home)->attachments());
  const Result<std::int64_t> released = endpoint.reconsider_held();
  if (!released) return fail(released.error());
  if (*released > 0) log.write(LogLevel::info, "released_held_changes", {{"changes", *released}});

  ServerOptions server;
  server.listen = arguments.listen;
  server.plain_http = arguments.plain_http;
  server.tls_certificate_pem = (*home)->certificate().certificate_pem;
  server.tls_key_pem = (*home)->certificate().key_pem;
  server.log = &log;
  Result<std::unique_ptr<HttpServer>> running =
      HttpServer::start(server, [&](const Request& request) { return endpoint.handle(request); });
  if (!running) return fail(running.error());

  // The port that was really taken: scripts ask for port 0 and read it here.
  const std::string host = arguments.listen.substr(0, arguments.listen.rfind(':'));
  std::printf("listening on %s://%s:%d\n", arguments.plain_http ? "http" : "https", host.c_str(), (*running)->port());
  std::fflush(stdout);
  log.write(LogLevel::info, "listening", {{"port", (*running)->port()}});
  int signal_number = 0;
  sigwait(&stop, &signal_number);
  log.write(LogLevel::info, "stopping", {{"signal", signal_number}});
  running->reset();
  return 0;
}

}  // namespace

int main(int count, char** words) {
  Arguments arguments;
  const std::string fault = parse({words + 1, words + count}, arguments);
  if (!fault.empty()) {
    std::fprintf(stderr, "fieldpost-central: %s\n%s", fault.c_str(), usage);
    return 2;
  }
  if (arguments.help) {
    std::fputs(usage, stdout);
    return 0;
  }
  return run(arguments);
}
