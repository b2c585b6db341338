#include "hub/web/admission.h"

#include <algorithm>
#include <cmath>

namespace hub::web {

void Admission::refresh(const std::vector<Channel>& channels, base::Mono now) {
  const std::lock_guard lock{mutex_};
  channels_.clear();
  for (const auto& channel : channels) channels_.emplace(channel.id, channel);
  forget_old_locked(now);
}

bool Admission::admit(const std::string& channel, const std::string& viewer, base::Mono now) {
  if (max_kbps_ == 0) return true;
  const std::lock_guard lock{mutex_};
  forget_old_locked(now);
  auto& places = places_[channel];
  if (const auto found = places.find(viewer); found != places.end()) {
    found->second = now;
    return true;
  }
  if (!has_place_locked(channel)) return false;
  places.emplace(viewer, now);
  return true;
}

bool Admission::has_place(const std::string& channel, base::Mono now) {
  if (max_kbps_ == 0) return true;
  const std::lock_guard lock{mutex_};
  forget_old_locked(now);
  return has_place_locked(channel);
}

std::uint64_t Admission::demand_kbps(base::Mono now) {
  const std::lock_guard lock{mutex_};
  forget_old_locked(now);
  return demand_locked();
}

void Admission::forget_old_locked(base::Mono now) {
  for (auto& [channel, places] : places_)
    std::erase_if(places, [&](const auto& place) { return now - place.second > kWindow; });
  std::erase_if(places_, [](const auto& channel) { return channel.second.empty(); });
}

std::uint32_t Admission::kbps_locked(const std::string& channel) const {
  const auto found = channels_.find(channel);
  return found == channels_.end() || found->second.kbps == 0 ? kUnknownKbps : found->second.kbps;
}

std::uint64_t Admission::demand_locked() const {
  std::uint64_t kbps = 0;
  for (const auto& [id, channel] : channels_) {
    // Newcomers are in places_ before the audience knows of them; phones behind one address are in the
    // audience.
    const auto places = places_.find(id);
    const auto asked = places == places_.end() ? 0 : places->second.size();
    const auto watching =
        std::max<std::size_t>(asked, static_cast<std::size_t>(std::max(channel.watching, 0)));
    kbps += watching * kbps_locked(id);
    kbps += static_cast<std::uint64_t>(std::max(channel.listening, 0)) * channel.sound_kbps;
  }
  for (const auto& [id, places] : places_)
    if (!channels_.contains(id)) kbps += places.size() * kUnknownKbps;
  return kbps;
}

bool Admission::has_place_locked(const std::string& channel) {
  auto& full = full_[channel];
  const auto after = demand_locked() + kbps_locked(channel);
  full = full ? after > std::uint64_t{max_kbps_} * 9 / 10 : after > max_kbps_;
  return !full;
}

std::uint32_t RateMeter::look(const std::string& channel, std::uint64_t bytes_in, base::Mono now) {
  auto [found, is_new] = states_.try_emplace(channel, State{bytes_in, now, 0});
  auto& state = found->second;
  const auto passed = std::chrono::duration<double>(now - state.at).count();
  if (bytes_in < state.bytes) state = {bytes_in, now, state.kbps};  // the worker began anew
  if (!is_new && passed >= 1) {
    const double kbps = static_cast<double>(bytes_in - state.bytes) * 8 / 1000 / passed;
    // A source that is down must not make its places look free.
    const double weight = std::min(1.0, passed / 10);
    if (kbps > 0) state.kbps = state.kbps == 0 ? kbps : state.kbps + (kbps - state.kbps) * weight;
    state.bytes = bytes_in;
    state.at = now;
  }
  return static_cast<std::uint32_t>(std::lround(state.kbps));
}

}  // namespace hub::web
