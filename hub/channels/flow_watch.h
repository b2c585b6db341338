#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"

#include <chrono>
#include <optional>

namespace hub::channels {

/// Watches the units of one worker: what counts is the flow, not the connection. The source is down when
/// nothing came for a while, or when its media falls 3 s behind the clock within a minute (an uplink that is
/// too slow for it). A source whose clock is merely inaccurate (some 100 ppm) is never taken for down.
class FlowWatch {
 public:
  /// @param start  when the worker was started.
  /// @param patience  silence that is allowed before the source has flowed for 3 s.
  FlowWatch(base::Mono start, std::chrono::milliseconds patience) : last_{start}, patience_{patience} {}

  /// A unit of the leading track (video if there is one) with decode time @p dts came at @p now.
  void on_unit(base::Nanos dts, base::Mono now);
  /// Why the source is down, if it is.
  [[nodiscard]] std::optional<base::Failure> check(base::Mono now) const;
  /// How long units have been flowing; 0 before the first.
  [[nodiscard]] base::Nanos flowed() const { return first_ ? last_ - *first_ : base::Nanos{0}; }

 private:
  base::Mono last_;
  std::chrono::milliseconds patience_;
  std::optional<base::Mono> first_;
  base::Mono reference_{};  // lag is measured from here; moves on every minute
  base::Nanos reference_dts_{0};
  base::Nanos last_dts_{0};
};

}  // namespace hub::channels
