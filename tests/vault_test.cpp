// The key of the store and who may hold the store.
#include "shared/storage/vault.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "shared/foundation/limits.h"
#include "tests/support/scratch.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

// The least that libsodium takes: these tests are about slots, not about cost.
constexpr Argon2Parameters cheap{64 << 10, 1};

struct NewVault {
  ScratchFolder folder;
  std::filesystem::path home = folder / "deep/home";
  SystemRandom random;
  SymmetricKey key;
  NewVault() {
    const auto made = Vault::create(home, "Đức", "mật khẩu của Đức", random, cheap);
    REQUIRE(made);
    key = *made;
  }
  ErrorCode code(std::string_view user, std::string_view passphrase) {
    const auto opened = Vault::open(home, user, passphrase);
    REQUIRE_FALSE(opened);
    return opened.error().code;
  }
};

}  // namespace

TEST_CASE("the passphrase of a slot gives the key that the store was made with") {
  NewVault vault;
  const auto named = Vault::open(vault.home, "Đức", "mật khẩu của Đức");
  REQUIRE(named);
  CHECK(named->bytes == vault.key.bytes);
  const auto any = Vault::open(vault.home, "", "mật khẩu của Đức");
  REQUIRE(any);
  CHECK(any->bytes == vault.key.bytes);
}

TEST_CASE("a wrong passphrase and an unknown user are told apart") {
  NewVault vault;
  CHECK(vault.code("Đức", "mật khẩu cua Đức") == ErrorCode::wrong_passphrase);
  CHECK(vault.code("", "") == ErrorCode::wrong_passphrase);
  CHECK(vault.code("An", "mật khẩu của Đức") == ErrorCode::not_found);
}

TEST_CASE("a passphrase typed in composed or decomposed letters is the same passphrase") {
  ScratchFolder folder;
  SystemRandom random;
  REQUIRE(Vault::create(folder.path(), "a", "ho\xC3\xA0", random, cheap));
  CHECK(Vault::open(folder.path(), "a", "hoa\xCC\x80"));
}

TEST_CASE("a second vault is never made over the first") {
  NewVault vault;
  const auto again = Vault::create(vault.home, "An", "x", vault.random, cheap);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::already_exists);
  CHECK(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));
}

TEST_CASE("each user has a slot of their own, and a new passphrase replaces the old one") {
  NewVault vault;
  REQUIRE(Vault::add_slot(vault.home, vault.key, "An", "của An", vault.random, cheap));
  const auto opened = Vault::open(vault.home, "An", "của An");
  REQUIRE(opened);
  CHECK(opened->bytes == vault.key.bytes);
  CHECK(Vault::open(vault.home, "", "của An"));
  CHECK(vault.code("An", "mật khẩu của Đức") == ErrorCode::wrong_passphrase);

  REQUIRE(Vault::add_slot(vault.home, vault.key, "An", "mới", vault.random, cheap));
  CHECK(vault.code("An", "của An") == ErrorCode::wrong_passphrase);
  CHECK(Vault::open(vault.home, "An", "mới"));
  CHECK(*Vault::users(vault.home) == std::vector<std::string>{"Đức", "An"});
}

TEST_CASE("the office's recovery key opens the store whose passphrase was forgotten, and no other key does") {
  NewVault vault;
  const BoxKey office = BoxKey::generate(vault.random);
  CHECK(Vault::recover(vault.home, office).error().code == ErrorCode::not_found);
  REQUIRE(Vault::seal_for_recovery(vault.home, vault.key, office.public_key()));
  const auto rescued = Vault::recover(vault.home, office);
  REQUIRE(rescued);
  CHECK(rescued->bytes == vault.key.bytes);
  CHECK_FALSE(Vault::recover(vault.home, BoxKey::generate(vault.random)));
  CHECK(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));
}

TEST_CASE("neither the key nor a passphrase lies open in the folder") {
  NewVault vault;
  const BoxKey office = BoxKey::generate(vault.random);
  REQUIRE(Vault::seal_for_recovery(vault.home, vault.key, office.public_key()));
  CHECK_FALSE(any_file_contains(vault.folder.path(), text_of(vault.key.view())));
  CHECK_FALSE(any_file_contains(vault.folder.path(), to_hex(vault.key.view())));
  CHECK_FALSE(any_file_contains(vault.folder.path(), "mật khẩu"));
}

TEST_CASE(
    "a vault damaged or gone is read from its copy; when both are, it is called damaged and not a wrong passphrase") {
  NewVault vault;
  const std::string whole = file_content(vault.home / "vault");
  for (std::size_t offset = 0; offset < whole.size(); offset += 7) {
    CAPTURE(offset);
    write_file(vault.home / "vault", whole);
    flip_byte(vault.home / "vault", offset);
    CHECK(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));
  }
  write_file(vault.home / "vault", "");
  CHECK(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));
  std::filesystem::remove(vault.home / "vault");
  CHECK(Vault::exists(vault.home));
  CHECK(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));

  std::filesystem::remove(vault.home / "vault");  // the opening had made it whole again
  flip_byte(vault.home / "vault.copy", whole.size() / 2);
  CHECK(vault.code("Đức", "mật khẩu của Đức") == ErrorCode::damaged);
  std::filesystem::remove(vault.home / "vault.copy");
  CHECK(vault.code("Đức", "mật khẩu của Đức") == ErrorCode::not_found);
  CHECK_FALSE(Vault::exists(vault.home));
}

TEST_CASE("the next opening completes a vault whose writing was cut short: both of it are there and alike again") {
  NewVault vault;
  const std::string whole = file_content(vault.home / "vault");
  // The power went while the copy was written for the first time.
  std::filesystem::remove(vault.home / "vault.copy");
  write_file(vault.home / "vault.copy.new", "half");
  CHECK_FALSE(Vault::open(vault.home, "Đức", "sai"));
  CHECK(!std::filesystem::exists(vault.home / "vault.copy"));  // nobody has shown yet that this one is whole
  REQUIRE(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));
  CHECK(file_content(vault.home / "vault.copy") == whole);
  CHECK(!std::filesystem::exists(vault.home / "vault.copy.new"));
  // Or while the vault itself was written again.
  write_file(vault.home / "vault.new", "half");
  std::filesystem::remove(vault.home / "vault");
  REQUIRE(Vault::open(vault.home, "Đức", "mật khẩu của Đức"));
  CHECK(file_content(vault.home / "vault") == whole);
  CHECK(!std::filesystem::exists(vault.home / "vault.new"));
}

TEST_CASE("in the field a slot costs 64 MiB and 3 passes") {
  unsetenv("FIELDPOST_TEST_KDF");
  CHECK(vault_parameters().memory_bytes == limits::argon2_memory_bytes);
  CHECK(vault_parameters().passes == limits::argon2_passes);
  setenv("FIELDPOST_TEST_KDF", "fast", 1);
  CHECK(vault_parameters().memory_bytes < limits::argon2_memory_bytes);
  unsetenv("FIELDPOST_TEST_KDF");
}

TEST_CASE(
    "the store has one holder; another process waits, then learns who holds it, and gets it when the holder dies") {
  ScratchFolder folder;
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t holder = fork();
  if (holder == 0) {
    const auto lock = StoreLock::take(folder.path(), "fieldpost", 0);
    const char byte = lock ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  REQUIRE(byte == 'y');

  const auto refused = StoreLock::take(folder.path(), "fieldpostctl", 60);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::busy);
  CHECK(refused.error().message.find("fieldpost " + std::to_string(holder)) != std::string::npos);

  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  const auto lock = StoreLock::take(folder.path(), "fieldpostctl", 1000);
  CHECK(lock);
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("who lets the store go lets the next one in") {
  ScratchFolder folder;
  { REQUIRE(StoreLock::take(folder.path(), "first", 0)); }
  CHECK(StoreLock::take(folder.path(), "second", 0));
}
