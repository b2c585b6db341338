#pragma once
#include "hub/base/clock.h"
#include "hub/media/timeline.h"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace hub::media {

/// Releases units at the speed of the clock, whatever the speed at which they came: an HLS segment comes at
/// once, a file as fast as it can be read. Units are released in decoding order over all tracks.
///
/// The first unit is released `buffer` after it came; later ones at their distance to it. A unit that comes
/// after its time is released at once and moves all later ones with it: the source's worst delay becomes the
/// buffer, so that one hiccup is heard once and not again. Pure: the caller brings the time.
class Pacer {
 public:
  explicit Pacer(base::Nanos buffer) : buffer_{buffer} {}

  void push(TimedUnit timed, base::Mono now);
  /// The units whose time has come.
  [[nodiscard]] std::vector<TimedUnit> due(base::Mono now);
  /// When due() will have the next one; nothing if it holds none.
  [[nodiscard]] std::optional<base::Mono> next() const;

  /// How far @p track has been received ahead of what is released now.
  [[nodiscard]] base::Nanos ahead(std::uint8_t track, base::Mono now) const;
  /// The most of ahead() over all tracks.
  [[nodiscard]] base::Nanos buffered(base::Mono now) const;
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  [[nodiscard]] const std::deque<TimedUnit>* earliest() const;
  base::Nanos buffer_;
  std::optional<base::Mono> zero_;  ///< when timeline 0 is released
  std::array<std::deque<TimedUnit>, 16> queues_;
  std::size_t count_ = 0, bytes_ = 0;
};

}  // namespace hub::media
