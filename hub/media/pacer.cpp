#include "hub/media/pacer.h"

#include <algorithm>
#include <utility>

namespace hub::media {

using base::Nanos;

void Pacer::push(TimedUnit timed, base::Mono now) {
  const stream::Unit& unit = timed.unit;
  if (!zero_) zero_ = now + buffer_ - unit.dts;
  if (*zero_ + unit.dts < now) zero_ = now - unit.dts;
  bytes_ += unit.payload->size();
  ++count_;
  queues_.at(unit.track).push_back(std::move(timed));
}

const std::deque<TimedUnit>* Pacer::earliest() const {
  const std::deque<TimedUnit>* best = nullptr;
  for (const auto& queue : queues_)
    if (!queue.empty() && (!best || queue.front().unit.dts < best->front().unit.dts)) best = &queue;
  return best;
}

std::vector<TimedUnit> Pacer::due(base::Mono now) {
  std::vector<TimedUnit> out;
  while (const auto* queue = earliest()) {
    if (*zero_ + queue->front().unit.dts > now) break;
    auto& from = queues_[queue->front().unit.track];
    out.push_back(std::move(from.front()));
    from.pop_front();
    bytes_ -= out.back().unit.payload->size();
    --count_;
  }
  return out;
}

std::optional<base::Mono> Pacer::next() const {
  const auto* queue = earliest();
  if (!queue) return std::nullopt;
  return *zero_ + queue->front().unit.dts;
}

Nanos Pacer::ahead(std::uint8_t track, base::Mono now) const {
  const auto& queue = queues_.at(track);
  if (queue.empty()) return Nanos{0};
  return std::max(*zero_ + queue.back().unit.dts + queue.back().unit.duration - now, Nanos{0});
}

Nanos Pacer::buffered(base::Mono now) const {
  Nanos most{0};
  for (std::uint8_t track = 0; track < queues_.size(); ++track) most = std::max(most, ahead(track, now));
  return most;
}

}  // namespace hub::media
