#include "tests/faults/allocations.h"

#include <sqlcipher/sqlite3.h>

#include "shared/foundation/bytes.h"

namespace fieldpost::test {

namespace {

sqlite3_mem_methods usual;
std::uint64_t left = 0;  // until the one that fails
bool every_later = false;
bool has_failed = false;

bool fails() {
  if (left == 0) return false;
  if (left > 1) return --left, false;
  has_failed = true;
  if (!every_later) left = 0;
  return true;
}
void* allocate(int size) { return fails() ? nullptr : usual.xMalloc(size); }
void* reallocate(void* from, int size) { return fails() ? nullptr : usual.xRealloc(from, size); }

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
