#pragma once
#include "hub/web/audience.h"

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace hub::web {

/// Lets one media sign of each device and channel through every so often: a player asks for three parts a
/// second, and main need not hear of each. @context thread-bound: its web thread
class MediaSigns {
 public:
  explicit MediaSigns(std::chrono::milliseconds interval) : interval_{interval} {}
  [[nodiscard]] bool due(const Sign& sign, base::Mono now) {
    const auto& who = sign.device.empty() ? sign.peer : sign.device;
    auto [last, is_new] = last_.try_emplace({sign.channel, who}, now);
    if (!is_new && now - last->second < interval_) return false;
    last->second = now;
    return true;
  }
  void forget_old(base::Mono now) {
    std::erase_if(last_, [&](const auto& item) { return now - item.second >= interval_; });
  }

 private:
  const std::chrono::milliseconds interval_;
  std::map<std::pair<std::string, std::string>, base::Mono> last_;
};

}  // namespace hub::web
