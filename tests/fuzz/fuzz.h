// What a fuzz target is: one function over any bytes, which libFuzzer calls with what it invents (tools/fuzz) and
// replay.cpp with the corpus and its mutations, in every test run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/foundation/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
