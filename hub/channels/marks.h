#pragma once
#include "hub/base/clock.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace hub::channels {

/// High-water mark of a channel's playlist numbers, so that they never go back, not even over a power cut.
struct Mark {
  std::uint64_t msn = 0;
  std::uint64_t discontinuity = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

/// Where numbers begin when @p stored was the last mark. The mark is stored every 100 segments, each of which
/// can be a discontinuity; the clock helps where the mark was lost. Discontinuity numbers do without it,
/// since players exist that keep them in 31 bits.
[[nodiscard]] inline Mark first_numbers(Mark stored, base::Wall now) {
  const auto unix_s = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return {std::max(static_cast<std::uint64_t>(std::max<std::int64_t>(unix_s, 0)) * 2, stored.msn + 100),
          stored.discontinuity + 100};
}

/// Where marks are kept; the application ties it to the store.
class Marks {
 public:
  Marks() = default;
  Marks(const Marks&) = delete;
  Marks& operator=(const Marks&) = delete;
  virtual ~Marks() = default;
  /// The mark stored last, or zeros. @context thread-bound: main, before the channels start
  [[nodiscard]] virtual Mark load(const std::string& channel) = 0;
  /// Queues and returns. @context thread-bound: relay
  virtual void save(const std::string& channel, Mark mark) = 0;
};

}  // namespace hub::channels
