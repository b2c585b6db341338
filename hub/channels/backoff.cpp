#include "hub/channels/backoff.h"

#include <algorithm>

#include <fmt/format.h>

namespace hub::channels {

std::chrono::milliseconds Backoff::next() {
  if (failures_++ == 0) return std::chrono::milliseconds{0};
  const unsigned doublings = std::min(failures_ - 2, 16U);  // 2^16 s is beyond every limit
  const auto plain = std::min<std::chrono::milliseconds>(std::chrono::seconds{1U << doublings}, max_);
  std::uniform_int_distribution<int> percent{80, 120};
  return plain * percent(random_) / 100;
}

std::string when(std::chrono::milliseconds pause) {
  if (pause.count() == 0) return "at once";
  return fmt::format("in {:.1f} s", std::chrono::duration<double>{pause}.count());
}

}  // namespace hub::channels
