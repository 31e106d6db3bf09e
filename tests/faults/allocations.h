// Memory that runs out under SQLite: its allocator, with one that fails at the n-th request.
#pragma once

#include <cstdint>

namespace fieldpost::test {

/// Before anything opens a database; a second time does nothing.
void watch_allocations();
/// The n-th allocation from now on fails, from 1; with `lasting` all after it as well.
void fail_allocation(std::uint64_t n, bool lasting);
void fail_no_allocation();
/// Whether one has failed since `fail_allocation`.
bool allocation_failed();

}  // namespace fieldpost::test
