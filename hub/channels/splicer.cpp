#include "hub/channels/splicer.h"

#include <algorithm>
#include <cassert>

namespace hub::channels {
namespace {

using base::Mono;
using base::Nanos;
using namespace std::chrono_literals;

constexpr Nanos kMaxAlign = 3s;     // longer than the GOPs that sources are asked for
constexpr Nanos kMaxLag = 500ms;    // B-frames and interleaving of a sane source stay below half of it
constexpr Nanos kJump = 1s;         // beyond it a time stamp belongs to another timeline
constexpr Nanos kMaxReorder = 5s;   // H.264 allows 16 frames; this is 3 frames per second
constexpr Nanos kMaxDrift = 100ms;  // units later than the dates in the playlist say: players would lag
// Units that come earlier cost nothing but a date that is off by as much, where a new run costs players a
// splice. It happens when the machine was busy as the run began.
constexpr Nanos kMaxHaste = 500ms;
constexpr Nanos kDriftWindow = 2s;      // shorter than this it is jitter
constexpr std::size_t kMaxHeld = 4096;  // units in both lanes: 3 s of anything sane
constexpr std::size_t kMaxHeldBytes = 32U << 20U;

}  // namespace

void Splicer::begin(std::vector<stream::Track> tracks) {
  end();
  tracks_ = std::move(tracks);
  for (const auto& track : tracks_)
    (stream::kind_of(track.codec) == stream::Kind::Video ? video_ : audio_).track = track.id;
  assert(video_.track || audio_.track);
  state_ = State::Aligning;
}

void Splicer::end() {
  if (state_ == State::Running) finish_run();
  drop_held(video_);
  drop_held(audio_);
  video_ = {};
  audio_ = {};
  tracks_.clear();
  state_ = State::Off;
}

std::optional<Nanos> Splicer::offset() const {
  return state_ == State::Running ? std::optional{offset_} : std::nullopt;
}

void Splicer::push(stream::Unit unit, Mono now) {
  Lane* lane = video_.track == unit.track ? &video_ : audio_.track == unit.track ? &audio_ : nullptr;
  if (state_ == State::Off || !lane || !accept(*lane, unit)) {
    ++dropped_;
    return;
  }
  lane->last_dts = unit.dts;
  lane->next_dts = unit.dts + unit.duration;
  lane->arrived_end = std::max(lane->arrived_end, unit.pts + unit.duration);
  held_bytes_ += unit.payload->size();
  lane->held.push_back({std::move(unit), now});
  if (state_ == State::Running) {
    const auto& held = lane->held.back().unit;
    if (lane == &video_) extend_chain(held);
    if (lane == &leading()) watch_drift(held, now);
  } else {
    hold_while_aligning(*lane, now);
  }
  pump(now);
}

void Splicer::tick(Mono now) {
  if (state_ != State::Off) pump(now);
}

/// False if @p unit goes back in time or is presented absurdly far from when it is decoded. A jump ends the
/// run and waits for a new start.
bool Splicer::accept(Lane& lane, const stream::Unit& unit) {
  if (unit.pts > unit.dts + kMaxReorder || unit.pts < unit.dts - kMaxReorder) return false;
  if (!lane.last_dts) return true;
  if (unit.dts <= *lane.last_dts && unit.dts > *lane.last_dts - kJump) return false;
  if (unit.dts > *lane.last_dts && unit.dts <= lane.next_dts + kJump) return true;
  if (state_ == State::Running) {
    // The other track jumps a moment later; until then what comes of it is of the old timeline.
    finish_run();
    drop_held(video_);
    drop_held(audio_);
    state_ = State::Aligning;
  } else {
    drop_held(lane);
  }
  lane.arrived_end = Nanos{0};
  return true;
}

/// Keeps of what has come only what a run could still begin with.
void Splicer::hold_while_aligning(Lane& lane, Mono now) {
  const auto drop_front = [&](Lane& from) {
    held_bytes_ -= from.held.front().unit.payload->size();
    from.held.pop_front();
    ++dropped_;
  };
  if (&lane == &video_ && !lane.held.front().unit.key) drop_front(lane);
  while (video_.track && !audio_.held.empty() && audio_.held.front().arrival < now - kMaxAlign)
    drop_front(audio_);
}

void Splicer::pump(Mono now) {
  if (state_ == State::Aligning && !try_start(now)) return;
  while (true) {
    if (split_ready(now)) {
      finish_run();
      const Held& first = leading().held.front();
      anchor(first);
      for (const auto& held : video_.held) extend_chain(held.unit);
      state_ = State::Running;
      output_.on_run(tracks_);
      continue;
    }
    const bool video = video_ready(now);
    const bool audio = audio_ready(now);
    if (!video && !audio) return;
    if (video && (!audio || video_.held.front().arrival <= audio_.held.front().arrival))
      pass_on(video_);
    else
      pass_on(audio_);
  }
}

bool Splicer::try_start(Mono now) {
  Lane& lead = leading();
  if (lead.held.empty()) return false;
  if (&lead == &audio_ || !audio_.track) {
    start_at(0);
    return true;
  }
  for (std::size_t i = 0; i < video_.held.size(); ++i) {
    const auto& key = video_.held[i].unit;
    if (!key.key) continue;
    const auto beside = std::find_if(audio_.held.begin(), audio_.held.end(),
                                     [&](const Held& held) { return held.unit.pts >= key.pts; });
    if (beside == audio_.held.end()) break;  // it may still come
    if (beside->unit.pts - key.pts >= beside->unit.duration) continue;
    start_at(i);
    return true;
  }
  const bool waited = now - lead.held.front().arrival >= kMaxAlign;
  if (!waited && video_.held.size() + audio_.held.size() < kMaxHeld && held_bytes_ < kMaxHeldBytes)
    return false;
  start_at(0);  // a hole at the start is better than nothing at all
  return true;
}

/// Starts a run with unit number @p index of the leading lane.
void Splicer::start_at(std::size_t index) {
  Lane& lead = leading();
  for (; index > 0; --index) {
    held_bytes_ -= lead.held.front().unit.payload->size();
    lead.held.pop_front();
    ++dropped_;
  }
  anchor(lead.held.front());
  for (const auto& held : video_.held) extend_chain(held.unit);
  state_ = State::Running;
  output_.on_run(tracks_);
}

void Splicer::anchor(const Held& first) {
  if (!origin_) origin_ = first.arrival;
  const auto& unit = first.unit;
  offset_ = std::max({(first.arrival - *origin_) - unit.dts, presented_ - unit.pts, decoded_ - unit.dts});
  start_pts_ = video_end_ = chain_ = unit.pts;
  ahead_.clear();
  anchor_release_ = drift_since_ = first.arrival;
  anchor_dts_ = unit.dts;
  drift_min_ = Nanos::max();
  drift_max_ = Nanos::min();
  reanchor_ = false;
  split_.reset();
}

/// Video has come without a hole as far as PTS follow each other, and in any case up to the DTS that was
/// reached, since no later unit is presented before that.
void Splicer::extend_chain(const stream::Unit& unit) {
  if (unit.pts < start_pts_) return;
  chain_ = std::max(chain_, unit.dts);
  ahead_.emplace(unit.pts, unit.pts + unit.duration);
  const auto rounding = unit.duration / 2;  // RTMP and FLV round PTS to milliseconds
  while (!ahead_.empty() && ahead_.begin()->first <= chain_ + rounding) {
    chain_ = std::max(chain_, ahead_.begin()->second);
    ahead_.erase(ahead_.begin());
  }
}

void Splicer::watch_drift(const stream::Unit& unit, Mono now) {
  const bool can_start = unit.key && unit.pts >= start_pts_;
  if (reanchor_ && !split_ && can_start) split_ = unit.pts;
  const Nanos drift = (now - anchor_release_) - (unit.dts - anchor_dts_);
  drift_min_ = std::min(drift_min_, drift);
  drift_max_ = std::max(drift_max_, drift);
  if (now - drift_since_ < kDriftWindow) return;
  if (drift_min_ > kMaxDrift || drift_max_ < -kMaxHaste) reanchor_ = true;
  drift_since_ = now;
  drift_min_ = Nanos::max();
  drift_max_ = Nanos::min();
}

bool Splicer::overdue(const Held& held, Mono now) const {
  return now - held.arrival >= kMaxLag || held_bytes_ > kMaxHeldBytes ||
         video_.held.size() + audio_.held.size() > kMaxHeld;
}

bool Splicer::video_ready(Mono now) const {
  if (video_.held.empty()) return false;
  const Held& head = video_.held.front();
  if (split_ && head.unit.key && head.unit.pts == *split_) return false;  // of the next run
  if (head.unit.pts < start_pts_ || overdue(head, now)) return true;
  if (head.end() > chain_) return false;
  if (!audio_.track) return true;
  const Nanos frame = audio_.last_dts ? audio_.next_dts - *audio_.last_dts : Nanos{0};
  return head.end() <= audio_.arrived_end + frame;
}

bool Splicer::audio_ready(Mono now) const {
  if (audio_.held.empty()) return false;
  const Held& head = audio_.held.front();
  if (split_ && head.unit.pts >= *split_) return false;  // of the next run
  if (!video_.track || head.unit.pts < start_pts_ || overdue(head, now)) return true;
  return head.unit.pts <= video_end_;
}

/// True when the key frame of the next run is next and all audio of this run has been passed on.
bool Splicer::split_ready(Mono now) const {
  if (!split_) return false;
  const Lane& lead = video_.track ? video_ : audio_;
  if (lead.held.empty() || lead.held.front().unit.pts != *split_) return false;
  if (!video_.track || !audio_.track || overdue(lead.held.front(), now)) return true;
  return !audio_.held.empty() && audio_.held.front().unit.pts >= *split_;
}

void Splicer::pass_on(Lane& lane) {
  Held held = std::move(lane.held.front());
  lane.held.pop_front();
  auto& unit = held.unit;
  held_bytes_ -= unit.payload->size();
  if (unit.pts < start_pts_) {
    ++dropped_;
    return;
  }
  if (&lane == &video_) video_end_ = std::max(video_end_, held.end());
  const Mono release = anchor_release_ + (unit.pts - start_pts_);
  unit.pts += offset_;
  unit.dts += offset_;
  presented_ = std::max(presented_, unit.pts + unit.duration);
  decoded_ = std::max(decoded_, unit.dts + unit.duration);
  output_.on_unit(unit, release);
}

void Splicer::finish_run() {
  split_.reset();
  reanchor_ = false;
  output_.on_run_end();
}

void Splicer::drop_held(Lane& lane) {
  for (const auto& held : lane.held) held_bytes_ -= held.unit.payload->size();
  dropped_ += lane.held.size();
  lane.held.clear();
}

}  // namespace hub::channels
