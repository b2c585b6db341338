#include "hub/channels/channel.h"

#include "hub/base/log.h"
#include "hub/base/redact.h"
#include "hub/channels/recording.h"
#include "hub/channels/track_choice.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hub::channels {
namespace {

using base::Errc;
using base::Failure;
using base::Millis;
using stream::Codec;
using stream::Track;
using namespace std::chrono_literals;

constexpr auto kProven = 5s;       // units flowed for this long: the source was fine
constexpr auto kWorkerGrace = 2s;  // the worker knows better than we why nothing comes: it gets to say so
constexpr auto kSaveEvery = 10s;   // of a room's place: what a power cut shows twice at most
constexpr auto kLinger = 6s;       // players are 1.5 to 3 s behind, plain HLS 6 s
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
      splicer_{*this},
      info_{first_info(settings_, clock)} {
  recall({});
}

Channel::~Channel() {
  if (replay() && info_.state != State::Idle) save_room();
  next_.reset();
  air_.reset();
  splicer_.end();
  if (info_.state != State::Idle) outlet_.close();
}

Info first_info(const ChannelSettings& settings, const base::Clock& clock) {
  Info info;
  info.id = settings.id;
  info.title = settings.title;
  info.language = settings.language;
  info.mode = settings.mode;
  info.source = base::redact_uri(settings.sources.front().uri);
  info.since = clock.wall();
  if (settings.mode == Mode::Replay) info.replay = ReplayInfo{{}, {}, false, settings.starts_at};
  return info;
}

// ---- what the host and the clock ask for -----------------------------------------------------------------

void Channel::recall(std::optional<Room> stored) {
  room_ = recalled(std::move(stored), settings_.starts_at);
  show_room();
}

void Channel::begin() {
  if (info_.state != State::Idle || room_.stopped) return;
  if (!replay() || (room_.begun && !room_.ended)) run();
}

void Channel::start() {
  if (info_.state != State::Idle) return;
  room_.stopped = room_.paused = false;
  if (std::exchange(room_.ended, false)) room_.position = Millis{0};
  room_.begun = true;
  save_room();
  run();
}

void Channel::stop() {
  room_.stopped = true;
  save_room();
  if (info_.state != State::Idle) go_idle();
}

void Channel::pause() {
  if (!replay() || info_.state == State::Idle || closes_at_ || room_.paused) return;
  room_.paused = true;
  turn();
}

void Channel::resume() {
  if (!replay() || info_.state == State::Idle || !room_.paused) return;
  room_.paused = false;
  turn();
}

void Channel::seek(const Seek& wish) {
  if (!replay()) return;
  const auto cue = cue_at(wish.to ? *wish.to : room_.position + wish.by, room_.duration);
  room_.position = cue.position;
  room_.ended = false;
  closes_at_.reset();
  ++cue_;
  turn();
}

/// The host has decided: what is on air follows at once.
void Channel::turn() {
  backoff_.reset();
  retry_at_ = clock_.mono();
  save_room();
  show_room();
  if (info_.state != State::Idle) follow();
  changed();
}

void Channel::run() {
  info_.reason.reset();
  info_.restarts = 0;
  backoff_.reset();
  launched_ = false;
  show_room();
  set_state(State::Connecting);
  launch(wanted(room_, cue_));
}

void Channel::go_idle() {
  next_.reset();
  end_air();
  closes_at_.reset();
  mp3_.stop();
  outlet_.close();
  fixed_.reset();
  aac_begun_.reset();
  info_.kind.clear();
  info_.has_audio = false;
  info_.on_air.clear();
  set_state(State::Idle);
}

bool Channel::needs_tick() const {
  if (info_.state != State::Idle) return true;
  const bool waits = replay() && room_.starts_at && !room_.begun && !room_.ended && !room_.stopped;
  return waits && clock_.wall() - *room_.starts_at <= kMaxLate;
}

void Channel::tick() {
  const auto now = clock_.mono();
  if (info_.state == State::Idle) {
    if (replay() && due(room_, clock_.wall())) start();
    return;
  }
  if (closes_at_) {
    if (now >= *closes_at_) go_idle();
    return;
  }
  if (!air_ && !next_) {
    if (now >= retry_at_) launch(wanted(room_, cue_));
  } else {
    if (air_) check_air(now);
    if (next_) check_next(now);
    if (air_) follow();
  }
  if (replay() && air_ && now - saved_ >= kSaveEvery) save_room();
  mp3_.tick();
}

// ---- one worker after the other --------------------------------------------------------------------------

/// Brings on air what is wanted, while what is on air goes on.
void Channel::follow() {
  const auto want = wanted(room_, cue_);
  if (air_ && air_->program().serves(want)) {
    next_.reset();
    return;
  }
  if (next_ && next_->program().serves(want)) return;
  next_.reset();
  if (clock_.mono() >= retry_at_) launch(want);
}

void Channel::launch(const Program& program) {
  if (!air_ && std::exchange(launched_, true)) ++info_.restarts;
  stream::Job job;
  job.channel = settings_.id;
  job.kind = fixed_ && !fixed_->video ? stream::Job::Kind::Audio : settings_.kind;
  job.buffer = relay_.buffer;
  job.timeout = relay_.timeout;
  if (program.kind == Program::Kind::Slate) {
    job.uri = slate_uri(room_.profile, relay_.languages);
  } else {
    auto uri = source_address(settings_.sources.front().uri, relay_.find_recording);
    if (!uri) return failed(uri.error(), false);
    job.uri = std::move(*uri);
    if (replay()) job.start = program.start;
  }
  base::logger("channel." + settings_.id)
      ->info("starting {}", program.kind == Program::Kind::Slate ? "the slate" : info_.source);
  Take::Owner& owner = *this;
  auto take = std::make_unique<Take>(owner, program, clock_.mono(), relay_.timeout + kWorkerGrace);
  const auto started = take->start(workers_, job);
  if (!started) return failed(started.error(), false);
  (air_ ? next_ : air_) = std::move(take);
}

/// What was getting ready goes on air, in the place of what is there.
void Channel::cut() {
  auto messages = next_->release();
  auto take = std::move(next_);
  end_air();
  air_ = std::move(take);
  const Take* const cut_to = air_.get();
  if (replay()) save_room();
  for (auto& message : messages) {
    if (air_.get() != cut_to) return;  // lost by one of them
    on_air_message(std::move(message));
  }
}

/// The end of the worker on air, whoever caused it.
void Channel::end_air() {
  air_.reset();
  splicer_.end();
  selected_.clear();
  mp3_track_.reset();
  delivers_ = false;
  bytes_before_ = info_.bytes_in;
  info_.buffered = base::Nanos{0};
  info_.transcoding_video = info_.transcoding_audio = false;
}

void Channel::lost(Failure why) {
  const bool proven = air_->flow().flowed() >= kProven;
  const bool recording = replay() && air_->program().kind == Program::Kind::Source && air_->position();
  // The host may have sought back, or paused, at the very end.
  const bool over = recording && why.code == Errc::Ended && air_->program().serves(wanted(room_, cue_));
  end_air();
  if (over) return finish();
  if (next_) return;  // it is on its way already
  failed(std::move(why), proven);
}

/// The recording is over. Players are seconds behind: what they have not shown yet stays for a while.
void Channel::finish() {
  room_.ended = true;
  room_.begun = false;
  if (room_.duration) room_.position = *room_.duration;
  save_room();
  show_room();
  info_.reason = Failure{Errc::Ended, "the recording is over"};
  closes_at_ = clock_.mono() + kLinger;
  changed();
}

/// What was started brought nothing, or no longer does.
void Channel::failed(Failure why, bool proven) {
  if (proven) backoff_.reset();
  const auto pause = backoff_.next();
  retry_at_ = clock_.mono() + pause;
  why.text = base::redact_text(why.text);
  base::logger("channel." + settings_.id)
      ->warn("source lost ({}): {}; again {}", base::to_string(why.code), why.text, when(pause));
  info_.reason = std::move(why);
  if (info_.state == State::Live && !air_)
    set_state(State::Connecting);
  else
    changed();
}

void Channel::next_failed(Failure why) {
  const bool slate = next_->program().kind == Program::Kind::Slate;
  next_.reset();
  // A pause holds even if its picture cannot be made: the recording must not run on.
  if (slate && air_) end_air();
  failed(std::move(why), false);
}

void Channel::check_air(base::Mono now) {
  if (auto down = air_->flow().check(now)) return lost(std::move(*down));
  if (!splicer_.offset() && air_->flow().flowed() >= kMaxStart)
    return lost(
        {Errc::Unsupported, "the source sends no key frame to start with; set its encoder to one every 2 s"});
  splicer_.tick(now);
  const auto state = air_->program().kind == Program::Kind::Slate ? State::Slate : State::Live;
  if (info_.state != state && delivers_ && outlet_.playable()) set_state(state);
}

void Channel::check_next(base::Mono now) {
  if (next_->ready()) return cut();
  if (auto down = next_->flow().check(now)) return next_failed(std::move(*down));
  if (next_->overfull() || next_->flow().flowed() >= kMaxStart)
    next_failed({Errc::Unsupported, "the source sends no key frame to start with"});
}

void Channel::on_exit(Take& take, const WorkerExit& how) {
  if (&take == next_.get())
    next_failed(how.why);
  else
    lost(how.why);
}

void Channel::on_message(Take& take, stream::Message message) {
  if (&take == air_.get()) return on_air_message(std::move(message));
  take.keep(std::move(message), clock_.mono());
  if (take.ready()) cut();
}

// ---- from messages to the outlet ------------------------------------------------------------------------

void Channel::on_air_message(stream::Message message) {
  if (auto* unit = std::get_if<stream::Unit>(&message)) {
    on_source_unit(std::move(*unit));
  } else if (const auto* tracks = std::get_if<stream::Tracks>(&message)) {
    on_tracks(tracks->tracks);
  } else if (auto* title = std::get_if<stream::Title>(&message)) {
    set_title(std::move(title->text));
  } else if (const auto* position = std::get_if<stream::Position>(&message)) {
    if (position->length > base::Nanos{0}) room_.duration = std::chrono::floor<Millis>(position->length);
    show_room();
  } else if (const auto* health = std::get_if<stream::Health>(&message)) {
    info_.bytes_in = bytes_before_ + health->bytes_in;
    info_.buffered = health->buffered;
    info_.transcoding_video = health->transcoding_video;
    info_.transcoding_audio = health->transcoding_audio;
  }
}

void Channel::on_tracks(const std::vector<Track>& tracks) {
  const Track* video = find(tracks, Codec::H264);
  const Track* audio = find(tracks, Codec::Aac);
  const auto set = choose_tracks(settings_.kind, fixed_, video, audio);
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
  if (!selected_.empty() && unit.track == selected_.front().id) air_->flow().on_unit(unit.dts, now);
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
  if (air_->program().kind == Program::Kind::Source) note_profile(video, audio);
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
  note_position(unit);
  outlet_.push(unit, wall_ + std::chrono::floor<base::Millis>(release - wall_at_));
  if (const Track* audio = find(selected_, Codec::Aac); audio && audio->id == unit.track) {
    outlet_.aac().push(unit);
    mp3_.push_aac(unit);
  }
}

void Channel::on_run_end() {
  outlet_.end();
}

// ---- the room --------------------------------------------------------------------------------------------

/// A slate, today's or one after a power cut, has to look like this.
void Channel::note_profile(const Track* video, const Track* audio) {
  auto& profile = room_.profile;
  profile.video = video != nullptr;
  profile.audio = audio != nullptr;
  if (video && video->width_px > 0 && video->height_px > 0) {
    profile.width_px = video->width_px;
    profile.height_px = video->height_px;
  }
  if (audio && audio->rate_hz > 0) {
    profile.rate_hz = audio->rate_hz;
    profile.channels = std::max<std::uint8_t>(audio->channels, 1);
  }
}

/// What the room has been given of its recording. @param unit  in channel time, just passed on.
void Channel::note_position(const stream::Unit& unit) {
  if (!replay() || !air_ || !air_->position() || unit.track != selected_.front().id) return;
  // After a seek the old place may still be on air for a moment.
  if (air_->program().kind != Program::Kind::Source || air_->program().cue != cue_) return;
  const auto offset = splicer_.offset();
  if (!offset) return;
  room_.position = std::chrono::floor<Millis>(air_->position()->media + (unit.pts - *offset));
  info_.replay->position = room_.position;
}

void Channel::show_room() {
  if (!replay()) return;
  info_.replay = ReplayInfo{room_.position, room_.duration, room_.paused, settings_.starts_at};
}

void Channel::save_room() {
  saved_ = clock_.mono();
  listener_.on_room(*this, room_);
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
