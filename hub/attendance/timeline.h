#pragma once
#include "hub/attendance/event.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hub::attendance {

/// A Stamp whose boot a Timeline has numbered.
struct Moment {
  std::int64_t utc_ms = 0;
  std::int64_t mono_us = 0;
  std::uint32_t boot = 0;
};

/// Orders moments and measures between them, so that setting a clock changes no duration: within a boot only
/// the monotonic clock counts; UTC bridges the gap between the last thing known of one boot and the first
/// of the next, and nothing else. What it answers depends on the set of stamps placed, not on their order.
class Timeline {
 public:
  /// Numbers the boot and remembers the stamp if it is the first or last of it.
  Moment place(const Stamp& stamp);
  /// The moment of @p utc_ms, which somebody gave when it was @p entered: by the clock as it stood then, in
  /// an earlier boot by that boot's.
  [[nodiscard]] Moment claimed(const Moment& entered, std::int64_t utc_ms) const;
  /// Time from @p a to @p b; negative if @p b is earlier.
  [[nodiscard]] std::int64_t elapsed_us(const Moment& a, const Moment& b) const;
  [[nodiscard]] bool before(const Moment& a, const Moment& b) const;

 private:
  struct Boot {
    std::string id;
    Moment first, last;
  };
  [[nodiscard]] bool boot_before(std::uint32_t a, std::uint32_t b) const;
  std::vector<Boot> boots_;
  std::map<std::string, std::uint32_t> numbers_;
};

}  // namespace hub::attendance
