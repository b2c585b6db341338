#include "hub/attendance/timeline.h"

#include <algorithm>
#include <tuple>

namespace hub::attendance {

Moment Timeline::place(const Stamp& stamp) {
  const auto [entry, fresh] = numbers_.try_emplace(stamp.boot, static_cast<std::uint32_t>(boots_.size()));
  const Moment moment{stamp.utc_ms, stamp.mono_us, entry->second};
  if (fresh) boots_.push_back({stamp.boot, moment, moment});
  // Two stamps of one microsecond with different UTC: the smaller first and the larger last, so that the
  // order in which they were placed does not matter.
  const auto key = [](const Moment& m) { return std::tuple{m.mono_us, m.utc_ms}; };
  Boot& boot = boots_[moment.boot];
  if (key(moment) < key(boot.first)) boot.first = moment;
  if (key(moment) > key(boot.last)) boot.last = moment;
  return moment;
}

bool Timeline::boot_before(std::uint32_t a, std::uint32_t b) const {
  const Boot& left = boots_[a];
  const Boot& right = boots_[b];
  return std::tie(left.first.utc_ms, left.id) < std::tie(right.first.utc_ms, right.id);
}

Moment Timeline::claimed(const Moment& entered, std::int64_t utc_ms) const {
  const auto by = [&](const Moment& anchor, std::uint32_t boot) {
    return Moment{utc_ms, anchor.mono_us + (utc_ms - anchor.utc_ms) * 1000, boot};
  };
  Moment moment = by(entered, entered.boot);
  if (moment.mono_us >= boots_[entered.boot].first.mono_us) return moment;
  std::vector<std::uint32_t> earlier;
  for (std::uint32_t boot = 0; boot < boots_.size(); ++boot)
    if (boot != entered.boot && boot_before(boot, entered.boot)) earlier.push_back(boot);
  std::sort(earlier.begin(), earlier.end(),
            [this](std::uint32_t a, std::uint32_t b) { return boot_before(b, a); });
  for (const auto boot : earlier) {
    moment = by(boots_[boot].last, boot);
    if (utc_ms >= boots_[boot].first.utc_ms) {
      moment.mono_us = std::max(moment.mono_us, boots_[boot].first.mono_us);
      return moment;
    }
  }
  return earlier.empty() ? moment : by(boots_[earlier.back()].first, earlier.back());
}

std::int64_t Timeline::elapsed_us(const Moment& a, const Moment& b) const {
  if (a.boot == b.boot) return b.mono_us - a.mono_us;
  if (boot_before(b.boot, a.boot)) return -elapsed_us(b, a);
  const Moment& last = boots_[a.boot].last;
  const Moment& first = boots_[b.boot].first;
  // A machine without a clock battery wakes up in the past: nothing is known of the gap then.
  const auto gap_us = std::max<std::int64_t>(first.utc_ms - last.utc_ms, 0) * 1000;
  return (last.mono_us - a.mono_us) + gap_us + (b.mono_us - first.mono_us);
}

bool Timeline::before(const Moment& a, const Moment& b) const {
  return a.boot == b.boot ? a.mono_us < b.mono_us : boot_before(a.boot, b.boot);
}

}  // namespace hub::attendance
