#pragma once
#include "hub/channels/splicer.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

/// What the tests of the splicer share: a source of made-up units, and checks of what comes out.
namespace hub::test {

using namespace std::chrono_literals;
using base::Mono;
using base::Nanos;
using channels::Splicer;
using stream::Codec;
using stream::Track;
using stream::Unit;

constexpr std::uint8_t kVideo = 1;
constexpr std::uint8_t kAudio = 2;
constexpr Nanos kAudioFrame = 21'333'333ns;
const Mono kStart{1h};

inline Track video_track() {
  Track track;
  track.id = kVideo;
  track.codec = Codec::H264;
  return track;
}
inline Track audio_track() {
  Track track;
  track.id = kAudio;
  track.codec = Codec::Aac;
  return track;
}

struct Arrival {
  Mono at;
  Unit unit;
};

/// What a worker sends: video in mini-GOPs with @p b_frames and AAC, each unit paced out at its DTS.
struct Source {
  Nanos video_frame = 40ms;
  int gop = 50;  // frames; a multiple of b_frames + 1
  int b_frames = 0;
  bool video = true, audio = true;
  Nanos base{0};  // the worker's time of the first unit
  Nanos audio_late{0};
  Nanos jitter{0};
  double speed = 1.0;  // media seconds per second

  [[nodiscard]] std::vector<Arrival> make(Mono from, Nanos length, std::uint32_t seed = 1) const {
    std::vector<Arrival> out;
    std::minstd_rand random{seed};
    const auto add = [&](Unit unit) {
      unit.payload = base::make_blob(base::Bytes(8, 1));
      const auto wobble = jitter.count() ? Nanos{static_cast<std::int64_t>(random()) % jitter.count()} : 0ns;
      const Nanos media = unit.dts - base;
      const auto after = Nanos{static_cast<std::int64_t>(static_cast<double>(media.count()) / speed)};
      out.push_back({from + after + wobble, std::move(unit)});
    };
    const int mini = b_frames + 1;
    const Nanos delay = b_frames ? 2 * video_frame : 0ns;
    for (int n = 0; video && n * video_frame < length; ++n) {
      // Decoding order of a mini-GOP: its last frame first, then the ones before it.
      const int in_gop = n % gop;
      int shown = in_gop;
      if (in_gop > 0 && b_frames) {
        const int place = (in_gop - 1) % mini;
        shown = place == 0 ? in_gop + b_frames : in_gop - 1;
        shown = std::min(shown, gop - 1);
        if (in_gop - 1 - place + mini > gop - 1) shown = in_gop;  // the tail of the GOP has no B-frames
      }
      Unit unit;
      unit.track = kVideo;
      unit.key = in_gop == 0;
      unit.dts = base + n * video_frame;
      unit.pts = base + (n - in_gop + shown) * video_frame + delay;
      unit.duration = video_frame;
      add(unit);
    }
    for (int n = 0; audio && n * kAudioFrame < length; ++n) {
      Unit unit;
      unit.track = kAudio;
      unit.key = true;
      unit.pts = unit.dts = base + audio_late + n * kAudioFrame;
      unit.duration = kAudioFrame;
      add(unit);
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return out;
  }
  [[nodiscard]] std::vector<Track> tracks() const {
    std::vector<Track> out;
    if (video) out.push_back(video_track());
    if (audio) out.push_back(audio_track());
    return out;
  }
};

struct Run {
  std::vector<Unit> units;
  std::vector<Mono> releases;
  bool ended = false;

  [[nodiscard]] std::vector<Unit> of(std::uint8_t track) const {
    std::vector<Unit> out;
    std::copy_if(units.begin(), units.end(), std::back_inserter(out),
                 [&](const Unit& unit) { return unit.track == track; });
    return out;
  }
  [[nodiscard]] Nanos begin_of(std::uint8_t track) const {
    Nanos out = Nanos::max();
    for (const auto& unit : of(track)) out = std::min(out, unit.pts);
    return out;
  }
  [[nodiscard]] Nanos end_of(std::uint8_t track) const {
    Nanos out{0};
    for (const auto& unit : of(track)) out = std::max(out, unit.pts + unit.duration);
    return out;
  }
};

struct Recorder : Splicer::Output {
  std::vector<Run> runs;
  void on_run(std::span<const Track>) override {
    REQUIRE((runs.empty() || runs.back().ended));
    runs.emplace_back();
  }
  void on_unit(const Unit& unit, Mono release) override {
    REQUIRE_FALSE(runs.empty());
    REQUIRE_FALSE(runs.back().ended);
    runs.back().units.push_back(unit);
    runs.back().releases.push_back(release);
  }
  void on_run_end() override {
    REQUIRE_FALSE(runs.empty());
    REQUIRE_FALSE(runs.back().ended);
    runs.back().ended = true;
  }
};

inline void feed(Splicer& splicer, const std::vector<Arrival>& arrivals) {
  for (const auto& arrival : arrivals) splicer.push(arrival.unit, arrival.at);
}

/// What must hold for all runs whatever happened.
inline void check_invariants(const std::vector<Run>& runs) {
  Nanos presented{0};
  Nanos decoded{0};
  for (const auto& run : runs) {
    std::map<std::uint8_t, Nanos> last;
    Nanos run_presented{0};
    Nanos run_decoded{0};
    for (const auto& unit : run.units) {
      CHECK(unit.pts >= 0ns);
      CHECK(unit.dts >= 0ns);
      CHECK(unit.pts >= presented);
      CHECK(unit.dts >= decoded);
      const auto before = last.find(unit.track);
      if (before != last.end()) CHECK(unit.dts > before->second);
      last[unit.track] = unit.dts;
      run_presented = std::max(run_presented, unit.pts + unit.duration);
      run_decoded = std::max(run_decoded, unit.dts + unit.duration);
    }
    const auto video = run.of(kVideo);
    if (!video.empty()) CHECK(video.front().key);
    presented = std::max(presented, run_presented);
    decoded = std::max(decoded, run_decoded);
  }
}

/// Both tracks begin and end within one audio frame, and no video frame is missing in between.
inline void check_tight(const Run& run, Nanos video_frame) {
  CHECK(run.begin_of(kAudio) >= run.begin_of(kVideo));
  CHECK(run.begin_of(kAudio) - run.begin_of(kVideo) < kAudioFrame);
  const Nanos apart = run.end_of(kAudio) - run.end_of(kVideo);
  CHECK(apart <= kAudioFrame);
  CHECK(apart >= -kAudioFrame);
  const auto frames = run.of(kVideo).size();
  CHECK(run.end_of(kVideo) - run.begin_of(kVideo) == static_cast<std::int64_t>(frames) * video_frame);
}

}  // namespace hub::test
