#pragma once
#include "hub/base/clock.h"
#include "hub/lib/glib/time_zone.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace hub::recordings {

/// The hours of the day in which the uplink may be used for fetching, by the clock on the wall: from the
/// first minute up to, and without, the last. "22:00-06:00" goes over midnight. Immutable.
class QuietHours {
 public:
  /// Any time.
  QuietHours() = default;
  /// Nothing if @p text is neither empty (any time) nor "HH:MM-HH:MM" with two different times.
  [[nodiscard]] static std::optional<QuietHours> parse(std::string_view text);

  [[nodiscard]] bool any_time() const noexcept { return from_ == to_; }
  [[nodiscard]] bool contains(base::Wall time, const lib::glib::TimeZone& zone) const;
  /// @p time if it is inside, else the first full minute that is. Where the clocks jump over the beginning,
  /// it begins after the jump.
  [[nodiscard]] base::Wall next(base::Wall time, const lib::glib::TimeZone& zone) const;

 private:
  std::chrono::minutes from_{0}, to_{0};  // since midnight; equal: any time
};

}  // namespace hub::recordings
