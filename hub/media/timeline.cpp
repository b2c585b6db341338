#include "hub/media/timeline.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace hub::media {
namespace {

using base::Nanos;
using namespace std::chrono_literals;

/// Rounding of a container's clock: 1 ms in FLV, plus as much again for the encoder's own.
constexpr Nanos kRounding = 3ms;
/// Of a unit that nothing tells the length of: a lone last frame.
constexpr Nanos kFallbackDuration = 40ms;

double seconds(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

void Timeline::set_track(std::uint8_t track, stream::Kind kind, Nanos frame) {
  auto& slot = tracks_.at(track);
  if (!slot) slot.emplace();
  slot->kind = kind;
  slot->frame = frame;
}

bool Timeline::has_video() const {
  return std::any_of(tracks_.begin(), tracks_.end(),
                     [](const auto& track) { return track && track->kind == stream::Kind::Video; });
}

base::Status Timeline::check_jump(Track& track, Nanos dts, base::Mono now) const {
  if (track.last_raw) {
    const Nanos step = dts - *track.last_raw;
    // A burst brings media faster than time goes by, a stall the other way round; only media time that runs
    // ahead of both the previous unit and the clock is a jump.
    const Nanos waited = now - track.last_arrival;
    if (step < -kMaxStepBack || step > waited + kMaxJump)
      return base::Failure{base::Errc::Io, fmt::format("the clock of the source jumped by {:.1f} s; it is "
                                                       "started anew",
                                                       seconds(step))};
  }
  track.last_raw = dts;
  track.last_arrival = now;
  return base::ok();
}

base::Status Timeline::push(Sample sample, base::Mono now) {
  if (sample.track >= tracks_.size() || !tracks_[sample.track]) return base::ok();
  if (!sample.payload || sample.payload->empty()) return base::ok();
  Track& track = *tracks_[sample.track];
  if (sample.tracks) track.changed = sample.tracks;
  if (track.kind == stream::Kind::Audio) sample.dts = sample.pts;
  if (auto jump = check_jump(track, sample.dts.value_or(sample.pts), now); !jump) return jump;

  if (!origin_) {
    if (track.kind == stream::Kind::Audio && has_video()) {
      if (waiting_.size() == kMaxWaiting) waiting_.pop_front();
      waiting_.push_back(std::move(sample));
      return base::ok();
    }
    if (!sample.key) return base::ok();  // nothing can be decoded before the first key frame
    start_at(sample.pts);
  }
  place(track, std::move(sample));
  return base::ok();
}

void Timeline::start_at(Nanos origin) {
  origin_ = origin;
  for (auto& sample : std::exchange(waiting_, {})) {
    Track& track = *tracks_[sample.track];
    place(track, std::move(sample));
  }
}

void Timeline::place(Track& track, Sample sample) {
  sample.pts -= *origin_;
  Nanos dts = sample.dts ? *sample.dts - *origin_ : sample.pts;
  // Audio from before the first picture; pictures that refer to what came before the first key frame.
  if (sample.pts < 0ns) return;

  if (track.held) {
    const Nanos previous = *track.held->dts;
    const Nanos expected = previous + track.frame;
    if (track.frame > 0ns && std::abs((dts - expected).count()) <= kRounding.count()) {
      dts = expected;
      sample.pts = dts;
    }
    if (dts <= previous) dts = previous + 1us;
  }
  if (sample.pts < dts) sample.pts = dts;  // a repaired dts must not overtake its own picture
  sample.dts = dts;
  if (track.held) emit(track, dts - *track.held->dts);
  sample.tracks = std::exchange(track.changed, nullptr);
  track.held = std::move(sample);
}

void Timeline::emit(Track& track, Nanos duration) {
  Sample& held = *track.held;
  track.last_duration = duration;
  stream::Unit unit{held.track, held.key || track.kind == stream::Kind::Audio,
                    held.pts,   *held.dts,
                    duration,   std::move(held.payload)};
  done_.push_back({std::move(unit), std::move(held.tracks)});
  track.held.reset();
}

void Timeline::finish() {
  for (auto& track : tracks_) {
    if (!track || !track->held) continue;
    Nanos duration = track->frame > 0ns ? track->frame : track->held->duration.value_or(track->last_duration);
    if (duration <= 0ns) duration = kFallbackDuration;
    emit(*track, duration);
  }
}

std::vector<TimedUnit> Timeline::take() {
  return std::exchange(done_, {});
}

}  // namespace hub::media
