#include "tests/faults/allocations.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <sqlcipher/sqlite3.h>

#include <array>
#include <string_view>

#include "shared/foundation/bytes.h"

namespace fieldpost::test {

namespace {

sqlite3_mem_methods usual;
std::uint64_t left = 0;  // until the one that fails
bool every_later = false;
bool has_failed = false;

// SQLCipher (4.5.3, sqlcipher_activate) asks for the table of its cipher when the first key is set, and writes to it
// unseen. The program dies there, at opening, as a killed one does, which crash_test covers; that one request is let
// through here.
constexpr int cipher_table_size = 136;

bool is_unchecked_by_the_library(int size) {
  if (size != cipher_table_size) return false;
  std::array<void*, 12> callers{};
  const int known = ::backtrace(callers.data(), static_cast<int>(callers.size()));
  for (int i = 0; i < known; ++i) {
    Dl_info symbol{};
    if (::dladdr(callers[static_cast<std::size_t>(i)], &symbol) != 0 && symbol.dli_sname != nullptr &&
        std::string_view(symbol.dli_sname) == "sqlcipherCodecAttach")
      return true;
  }
  return false;
}

bool fails(int size) {
  if (left == 0) return false;
  if (left > 1) return --left, false;
  if (is_unchecked_by_the_library(size)) return false;
  has_failed = true;
  if (!every_later) left = 0;
  return true;
}
void* allocate(int size) { return fails(size) ? nullptr : usual.xMalloc(size); }
void* reallocate(void* from, int size) { return fails(size) ? nullptr : usual.xRealloc(from, size); }

}  // namespace

void watch_allocations() {
  if (usual.xMalloc != nullptr) return;
  ensure(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) == SQLITE_OK, "SQLite's allocator");
  sqlite3_mem_methods ours = usual;
  ours.xMalloc = allocate;
  ours.xRealloc = reallocate;
  ensure(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK, "an allocator of our own");
}

void fail_allocation(std::uint64_t n, bool lasting) {
  left = n;
  every_later = lasting;
  has_failed = false;
}
void fail_no_allocation() { left = 0; }
bool allocation_failed() { return has_failed; }

}  // namespace fieldpost::test
