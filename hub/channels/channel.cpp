#include "hub/channels/channel.h"

#include "hub/base/log.h"
#include "hub/base/redact.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hub::channels {
namespace {

using base::Errc;
using base::Failure;
using stream::Codec;
using stream::Track;
using namespace std::chrono_literals;

constexpr auto kProven = 5s;       // units flowed for this long: the source was fine
constexpr auto kWorkerGrace = 2s;  // the worker knows better than we why nothing comes: it gets to say so
constexpr auto kMaxStart = 20s;    // of flowing units without a key frame to start with

const Track* find(const std::vector<Track>& tracks, Codec codec) {
  const auto found =
      std::find_if(tracks.begin(), tracks.end(), [&](const Track& track) { return track.codec == codec; });
  return found == tracks.end() ? nullptr : &*found;
}

/// True if a decoder that was set up for @p a goes on with @p b.
bool same_stream(const Track& a, const Track& b) {
  return a.id == b.id && a.codec == b.codec && a.config == b.config && a.width_px == b.width_px &&
         a.height_px == b.height_px && a.rate_hz == b.rate_hz && a.channels == b.channels;
}

}  // namespace

Channel::Channel(ChannelSettings settings, const RelaySettings& relay, const base::Clock& clock,
                 WorkerFactory& workers, Outlet& outlet, Listener& listener, std::uint32_t seed)
    : settings_{std::move(settings)},
      relay_{relay},
      clock_{clock},
      workers_{workers},
      outlet_{outlet},
      listener_{listener},
      backoff_{relay.retry_max, seed},
      mp3_{settings_.id, settings_.mp3_kbps, clock, workers, outlet.mp3(), seed + 1},
      splicer_{*this} {
  info_.id = settings_.id;
  info_.title = settings_.title;
  info_.language = settings_.language;
  info_.source = base::redact_uri(settings_.sources.front().uri);
  info_.since = clock_.wall();
}

Channel::~Channel() {
  worker_.reset();
  splicer_.end();
  if (info_.state != State::Idle) outlet_.close();
}

void Channel::start() {
  if (info_.state != State::Idle) return;
  info_.reason.reset();
  info_.restarts = 0;
  backoff_.reset();
  launched_ = false;
  set_state(State::Connecting);
  launch();
}

void Channel::stop() {
  if (info_.state == State::Idle) return;
  drop_worker();
  mp3_.stop();
  outlet_.close();
  fixed_.reset();
  aac_begun_.reset();
  info_.kind.clear();
  info_.has_audio = false;
  info_.on_air.clear();
  set_state(State::Idle);
}

void Channel::tick() {
  if (info_.state == State::Idle) return;
  const auto now = clock_.mono();
  if (!worker_) {
    if (now >= retry_at_) launch();
  } else if (auto down = flow_->check(now)) {
    lost(std::move(*down));
  } else if (!splicer_.offset() && flow_->flowed() >= kMaxStart) {
    lost(
        {Errc::Unsupported, "the source sends no key frame to start with; set its encoder to one every 2 s"});
  } else {
    splicer_.tick(now);
    if (info_.state == State::Connecting && delivers_ && outlet_.playable()) set_state(State::Live);
  }
  mp3_.tick();
}

void Channel::launch() {
  if (std::exchange(launched_, true)) ++info_.restarts;
  stream::Job job;
  job.channel = settings_.id;
  job.uri = settings_.sources.front().uri;
  job.kind = fixed_ && !fixed_->video ? stream::Job::Kind::Audio : settings_.kind;
  job.buffer = relay_.buffer;
  job.timeout = relay_.timeout;
  flow_.emplace(clock_.mono(), relay_.timeout + kWorkerGrace);
  base::logger("channel." + settings_.id)->info("starting {}", info_.source);
  auto worker = workers_.start(job, *this);
  if (worker)
    worker_ = std::move(*worker);
  else
    lost(worker.error());
}

/// The end of the current worker, whoever caused it.
void Channel::drop_worker() {
  worker_.reset();
  splicer_.end();
  selected_.clear();
  mp3_track_.reset();
  delivers_ = false;
  bytes_before_ = info_.bytes_in;
  info_.buffered = base::Nanos{0};
  info_.transcoding_video = info_.transcoding_audio = false;
}

void Channel::lost(Failure why) {
  const bool proven = flow_->flowed() >= kProven;
  drop_worker();
  if (proven) backoff_.reset();
  const auto pause = backoff_.next();
  retry_at_ = clock_.mono() + pause;
  why.text = base::redact_text(why.text);
  base::logger("channel." + settings_.id)
      ->warn("source lost ({}): {}; again {}", base::to_string(why.code), why.text, when(pause));
  info_.reason = std::move(why);
  if (info_.state == State::Live)
    set_state(State::Connecting);
  else
    changed();
}

void Channel::on_exit(const WorkerExit& how) {
  lost(how.why);
}

void Channel::on_message(stream::Message message) {
  if (auto* unit = std::get_if<stream::Unit>(&message)) {
    on_source_unit(std::move(*unit));
  } else if (const auto* tracks = std::get_if<stream::Tracks>(&message)) {
    on_tracks(tracks->tracks);
  } else if (auto* title = std::get_if<stream::Title>(&message)) {
    set_title(std::move(title->text));
  } else if (const auto* health = std::get_if<stream::Health>(&message)) {
    info_.bytes_in = bytes_before_ + health->bytes_in;
    info_.buffered = health->buffered;
    info_.transcoding_video = health->transcoding_video;
    info_.transcoding_audio = health->transcoding_audio;
  }
}

base::Result<Channel::TrackSet> Channel::choose(const Track* video, const Track* audio) const {
  using Kind = stream::Job::Kind;
  if (fixed_) {
    if (fixed_->video && !video)
      return Failure{
          Errc::Unsupported,
          "the source no longer has video, and the channel began with it; stop and start the channel "
          "to go on with the sound alone"};
    if (fixed_->audio && !audio)
      return Failure{
          Errc::Unsupported,
          "the source no longer has sound, and the channel began with it; stop and start the channel "
          "to go on with the picture alone"};
    return *fixed_;
  }
  if (settings_.kind == Kind::Video && !video)
    return Failure{
        Errc::Unsupported,
        "the source has no video that can be relayed; set kind = \"auto\" or \"audio\" for this channel"};
  if (settings_.kind == Kind::Audio && !audio)
    return Failure{Errc::Unsupported, "the source has no sound that can be relayed, and kind is \"audio\""};
  if (!video && !audio)
    return Failure{Errc::Unsupported, "the source has neither picture nor sound that can be relayed"};
  return TrackSet{video && settings_.kind != Kind::Audio, audio != nullptr};
}

void Channel::on_tracks(const std::vector<Track>& tracks) {
  const Track* video = find(tracks, Codec::H264);
  const Track* audio = find(tracks, Codec::Aac);
  const auto set = choose(video, audio);
  if (!set) {
    lost(set.error());
    return;
  }
  std::vector<Track> selected;
  if (set->video) selected.push_back(*video);
  if (set->audio) selected.push_back(*audio);
  const Track* mp3 = set->audio ? find(tracks, Codec::Mp3) : nullptr;
  mp3_track_ = mp3 ? std::optional{*mp3} : std::nullopt;
  const bool same =
      std::equal(selected.begin(), selected.end(), selected_.begin(), selected_.end(), same_stream);
  selected_ = selected;
  if (!same) {
    splicer_.begin(std::move(selected));
  } else if (splicer_.offset()) {
    mp3_.begin(set->audio ? audio : nullptr, mp3);
  }
}

void Channel::on_source_unit(stream::Unit unit) {
  if (mp3_track_ && unit.track == mp3_track_->id) {
    if (const auto offset = splicer_.offset()) {
      unit.pts += *offset;
      unit.dts += *offset;
      mp3_.push_mp3(unit);
    }
    return;
  }
  const auto now = clock_.mono();
  if (!selected_.empty() && unit.track == selected_.front().id) flow_->on_unit(unit.dts, now);
  splicer_.push(std::move(unit), now);
}

void Channel::on_run(std::span<const Track> tracks) {
  const Track* video = find(selected_, Codec::H264);
  const Track* audio = find(selected_, Codec::Aac);
  if (!fixed_) {
    fixed_ = TrackSet{video != nullptr, audio != nullptr};
    outlet_.open(fixed_->video, fixed_->audio);
    info_.kind = fixed_->video ? "video" : "audio";
    info_.has_audio = fixed_->audio;
    changed();
  }
  wall_at_ = clock_.mono();
  wall_ = clock_.wall();
  outlet_.begin(tracks);
  if (audio && (!aac_begun_ || !same_stream(*aac_begun_, *audio))) {
    outlet_.aac().begin(*audio);
    aac_begun_ = *audio;
  }
  mp3_.begin(audio, mp3_track_ ? &*mp3_track_ : nullptr);
}

void Channel::on_unit(const stream::Unit& unit, base::Mono release) {
  delivers_ = true;
  outlet_.push(unit, wall_ + std::chrono::floor<base::Millis>(release - wall_at_));
  if (const Track* audio = find(selected_, Codec::Aac); audio && audio->id == unit.track) {
    outlet_.aac().push(unit);
    mp3_.push_aac(unit);
  }
}

void Channel::on_run_end() {
  outlet_.end();
}

void Channel::set_title(std::string text) {
  if (text == info_.on_air) return;
  info_.on_air = std::move(text);
  outlet_.mp3().set_title(info_.on_air);
  outlet_.aac().set_title(info_.on_air);
  changed();
}

void Channel::set_state(State state) {
  info_.state = state;
  info_.since = clock_.wall();
  changed();
}

void Channel::changed() {
  listener_.on_change(*this);
}

}  // namespace hub::channels
