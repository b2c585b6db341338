#include "hub/web/audience.h"

#include "hub/web/host_names.h"

#include <algorithm>
#include <set>

namespace hub::web {

Audience::Audience(const base::Clock& clock, attendance::Register& attendance)
    : clock_{clock}, attendance_{attendance} {}

void Audience::note(const Sign& sign) {
  if (!sign.device.empty()) attendance_.seen({sign.device, sign.channel, sign.mode});
  forget_old();
  const bool by_address = sign.device.empty() && sign.page == 0;
  const auto key = !sign.device.empty() ? "device " + sign.device
                   : by_address         ? "address " + sign.peer
                                        : "page " + std::to_string(sign.page);
  if (sign.page != 0) pages_[sign.page] = {clock_.mono(), sign.peer};
  // A page follows one channel at a time; media requests of one device may still run out on the old one.
  bool changed = sign.page != 0 && std::erase_if(viewers_, [&](const auto& item) {
                                     return item.second.page == sign.page && item.first.first != sign.channel;
                                   }) > 0;
  if (!sign.channel.empty()) {
    auto [viewer, is_new] = viewers_.try_emplace(
        {sign.channel, key}, Viewer{clock_.mono(), sign.page, sign.peer, by_address, sign.mode});
    viewer->second.last = clock_.mono();
    viewer->second.mode = sign.mode;
    if (sign.page != 0) viewer->second.page = sign.page;
    if (sign.page == 0) note_media(viewer->second);
    changed = changed || is_new;
  }
  if (changed && listener_) listener_();
}

void Audience::note_media(Viewer& viewer) const {
  const auto now = clock_.mono();
  if (viewer.media_last == base::Mono{} || now - viewer.media_last > kHole) viewer.media_since = now;
  viewer.media_last = now;
}

std::vector<Audience::Playing> Audience::playing() const {
  const auto now = clock_.mono();
  std::vector<Playing> out;
  for (const auto& [key, viewer] : viewers_)
    if (viewer.media_last != base::Mono{} && now - viewer.media_last <= kHole &&
        !is_loopback_address(viewer.peer))
      out.push_back(
          {key.first, viewer.mode,
           std::chrono::duration_cast<std::chrono::seconds>(viewer.media_last - viewer.media_since)});
  return out;
}

int Audience::pages() const {
  const auto now = clock_.mono();
  return static_cast<int>(std::count_if(pages_.begin(), pages_.end(), [&](const auto& item) {
    return now - item.second.last <= kWindow && !is_loopback_address(item.second.peer);
  }));
}

void Audience::left(std::uint64_t page) {
  pages_.erase(page);
  const auto gone = std::erase_if(viewers_, [&](const auto& item) { return item.second.page == page; });
  if (gone > 0 && listener_) listener_();
}

int Audience::count(std::string_view channel, std::optional<attendance::Proof::Mode> mode) const {
  const auto now = clock_.mono();
  int count = 0;
  std::set<std::string_view> pages;
  std::set<std::string_view> addresses;
  for (auto item = viewers_.lower_bound({std::string{channel}, ""});
       item != viewers_.end() && item->first.first == channel; ++item) {
    const auto& viewer = item->second;
    if (now - viewer.last > kWindow || (mode && viewer.mode != *mode)) continue;
    if (viewer.by_address) {
      addresses.insert(viewer.peer);
    } else {
      ++count;
      if (item->first.second.starts_with("page ")) pages.insert(viewer.peer);
    }
  }
  for (const auto address : addresses)
    if (!pages.contains(address)) ++count;
  return count;
}

void Audience::forget_old() {
  const auto now = clock_.mono();
  std::erase_if(viewers_, [&](const auto& item) { return now - item.second.last > kWindow; });
  std::erase_if(pages_, [&](const auto& item) { return now - item.second.last > kWindow; });
}

}  // namespace hub::web
