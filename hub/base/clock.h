#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace hub::base {

using Nanos = std::chrono::nanoseconds;
using Millis = std::chrono::milliseconds;
/// CLOCK_MONOTONIC since boot. Durations come from here and nowhere else.
using Mono = std::chrono::time_point<std::chrono::steady_clock, Nanos>;
/// Unix time, UTC. For records and for people; never subtracted to get a duration within one boot.
using Wall = std::chrono::time_point<std::chrono::system_clock, Millis>;

/// What the core asks the time of, so that tests own it. Implementations are thread-safe.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Mono mono() const = 0;
  [[nodiscard]] virtual Wall wall() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Mono mono() const override;
  [[nodiscard]] Wall wall() const override;
};

/// A clock that only moves when told to, for tests. Not thread-safe.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] Mono mono() const override { return mono_; }
  [[nodiscard]] Wall wall() const override { return wall_; }
  /// Both clocks go on by @p step.
  void advance(Nanos step) {
    mono_ += step;
    wall_ += std::chrono::duration_cast<Millis>(step);
  }
  /// Somebody sets the wall clock; the monotonic one does not notice.
  void set_wall(Wall to) { wall_ = to; }

 private:
  Mono mono_{std::chrono::hours{1}};
  Wall wall_{std::chrono::seconds{1'800'000'000}};
};

/// RFC 3339 in UTC with milliseconds: "2027-01-15T08:00:00.000Z".
[[nodiscard]] std::string to_rfc3339(Wall time);
/// Identifies this boot of the machine (/proc/sys/kernel/random/boot_id); monotonic times of different boots
/// cannot be compared. Empty if the kernel does not say.
[[nodiscard]] std::string boot_id();

}  // namespace hub::base
