#pragma once
#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace hub::channels {

/// How long to wait before the next attempt: 0 after the first failure, then 1 s, 2 s, 4 s … up to a limit,
/// each ±20 %, so that the channels that one uplink took down do not come back in step.
class Backoff {
 public:
  /// @param max   longest pause before jitter, at least 1 s.
  /// @param seed  of the jitter.
  Backoff(std::chrono::milliseconds max, std::uint32_t seed) : max_{max}, random_{seed} {}
  /// One more failure: the pause before the next attempt.
  [[nodiscard]] std::chrono::milliseconds next();
  /// The attempt was a success: the next failure is a first one again.
  void reset() noexcept { failures_ = 0; }

 private:
  std::chrono::milliseconds max_;
  std::minstd_rand random_;
  unsigned failures_ = 0;
};

/// "at once", "in 1.9 s": for the log.
[[nodiscard]] std::string when(std::chrono::milliseconds pause);

}  // namespace hub::channels
