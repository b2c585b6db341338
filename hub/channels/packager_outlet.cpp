#include "hub/channels/packager_outlet.h"

#include <utility>

namespace hub::channels {

PackagerOutlet::PackagerOutlet(std::shared_ptr<const Outputs> outputs, const RelaySettings& relay,
                               const base::Clock& clock, std::string start_id, Mark mark, SaveMark save_mark)
    : outputs_{std::move(outputs)},
      relay_{relay},
      clock_{clock},
      start_id_{std::move(start_id)},
      mark_{mark},
      save_mark_{std::move(save_mark)},
      mp3_{outputs_->mp3},
      aac_{outputs_->aac} {}

void PackagerOutlet::open(bool video, bool audio) {
  mark_ = first_numbers(mark_, clock_.wall());
  save_mark_(mark_);
  packager::Packager::Settings settings;
  settings.channel = outputs_->id;
  settings.video = video;
  settings.audio = audio;
  settings.part = relay_.part;
  settings.window = relay_.window;
  settings.first_msn = mark_.msn;
  settings.first_discontinuity = mark_.discontinuity;
  settings.start_id = start_id_;
  packager_ =
      std::make_unique<packager::Packager>(std::move(settings), outputs_->hls, static_cast<Listener&>(*this));
}

void PackagerOutlet::begin(std::span<const stream::Track> tracks) {
  packager_->begin(tracks);
}

void PackagerOutlet::push(const stream::Unit& unit, base::Wall release) {
  packager_->push(unit, release);
}

void PackagerOutlet::end() {
  packager_->end();
}

bool PackagerOutlet::playable() const {
  const auto snapshot = outputs_->hls->current();
  return snapshot && snapshot->playable();
}

void PackagerOutlet::close() {
  packager_.reset();
  outputs_->hls->publish(nullptr);
  mp3_.close();
  aac_.close();
}

void PackagerOutlet::on_mark(std::uint64_t msn, std::uint64_t discontinuity) {
  mark_ = {msn, discontinuity};
  save_mark_(mark_);
}

PackagerOutlet::Audio::Audio(std::shared_ptr<packager::AudioPublication> publication)
    : publication_{std::move(publication)} {}

void PackagerOutlet::Audio::begin(const stream::Track& track) {
  if (!stream_) {
    stream_.emplace(publication_);
    stream_->set_title(title_);
  }
  stream_->begin(track);
}

void PackagerOutlet::Audio::push(const stream::Unit& unit) {
  if (stream_) stream_->push(unit);
}

void PackagerOutlet::Audio::set_title(const std::string& title) {
  title_ = title;
  if (stream_) stream_->set_title(title);
}

std::size_t PackagerOutlet::Audio::listeners() const {
  return publication_->subscribers();
}

void PackagerOutlet::Audio::close() {
  stream_.reset();
  title_.clear();
  publication_->publish(nullptr);
}

}  // namespace hub::channels
