#pragma once
#include "hub/base/error.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace hub::base {

/// Runs a program without a shell and gives what it wrote to standard output, whatever its exit code. Its
/// standard error is ours. Waits at most @p limit, then kills it.
/// @return Io if it cannot be started or dies by a signal, Stalled after @p limit, TooLarge beyond @p
/// max_bytes.
[[nodiscard]] Result<std::string> output_of(const std::vector<std::string>& argv,
                                            std::chrono::milliseconds limit,
                                            std::size_t max_bytes = 1024 * 1024);

}  // namespace hub::base
