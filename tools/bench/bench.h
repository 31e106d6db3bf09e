// The figures of one run: time, bytes and memory, beside aims and, where there is one, beside a floor measured in the
// same run on the same rows, so that they mean the same on another machine.
#pragma once

#include <span>
#include <string>

namespace fieldpost {

/// `fieldpostctl bench [link | fleet] [options] [--quick] [--json]`: the arguments after `bench`. Works in a
/// temporary folder that goes away and writes the figures to standard output, progress to standard error. To be
/// called before the program has a second thread: `link` goes into network namespaces, `fleet` forks. Returns the
/// exit code: 0 done, 1 failed, 2 wrong usage. A slow machine is no failure.
int run_bench(std::span<const std::string> arguments);

}  // namespace fieldpost
