#include "hub/channels/take.h"

#include <algorithm>
#include <utility>

namespace hub::channels {

base::Status Take::start(WorkerFactory& workers, const stream::Job& job) {
  Worker::Listener& listener = *this;
  auto worker = workers.start(job, listener);
  if (!worker) return worker.error();
  worker_ = std::move(*worker);
  return base::ok();
}

void Take::on_message(stream::Message message) {
  if (const auto* position = std::get_if<stream::Position>(&message)) position_ = *position;
  owner_.on_message(*this, std::move(message));
}

void Take::keep(stream::Message message, base::Mono now) {
  if (const auto* tracks = std::get_if<stream::Tracks>(&message)) {
    video_.reset();
    audio_.reset();
    for (const auto& track : tracks->tracks) {
      if (track.codec == stream::Codec::H264) video_ = track.id;
      if (track.codec == stream::Codec::Aac) audio_ = track.id;
    }
  } else if (const auto* unit = std::get_if<stream::Unit>(&message)) {
    kept_bytes_ += unit->payload->size();
    if (unit->track == video_.value_or(audio_.value_or(0))) flow_.on_unit(unit->dts, now);
    if (unit->track == video_ && unit->key && !key_) key_ = unit->pts;
    if (unit->track == audio_) heard_ = std::max(heard_, unit->pts + unit->duration);
  }
  kept_.push_back(std::move(message));
}

bool Take::ready() const {
  if (video_) return key_ && (!audio_ || heard_ > *key_);
  return audio_ && heard_ >= base::Nanos{0};
}

}  // namespace hub::channels
