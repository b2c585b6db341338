#include "hub/channels/splicer.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <random>

using namespace hub;
using namespace std::chrono_literals;
using base::Mono;
using base::Nanos;
using channels::Splicer;
using stream::Codec;
using stream::Track;
using stream::Unit;

namespace {

constexpr std::uint8_t kVideo = 1;
constexpr std::uint8_t kAudio = 2;
constexpr Nanos kAudioFrame = 21'333'333ns;
const Mono kStart{1h};

Track video_track() {
  Track track;
  track.id = kVideo;
  track.codec = Codec::H264;
  return track;
}
Track audio_track() {
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

void feed(Splicer& splicer, const std::vector<Arrival>& arrivals) {
  for (const auto& arrival : arrivals) splicer.push(arrival.unit, arrival.at);
}

/// What must hold for all runs whatever happened.
void check_invariants(const std::vector<Run>& runs) {
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
void check_tight(const Run& run, Nanos video_frame) {
  CHECK(run.begin_of(kAudio) >= run.begin_of(kVideo));
  CHECK(run.begin_of(kAudio) - run.begin_of(kVideo) < kAudioFrame);
  const Nanos apart = run.end_of(kAudio) - run.end_of(kVideo);
  CHECK(apart <= kAudioFrame);
  CHECK(apart >= -kAudioFrame);
  const auto frames = run.of(kVideo).size();
  CHECK(run.end_of(kVideo) - run.begin_of(kVideo) == static_cast<std::int64_t>(frames) * video_frame);
}

}  // namespace

TEST_CASE("a steady source is one run from 0 on, with its offset between audio and video") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  source.base = 77s;
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart, 10s));
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].begin_of(kVideo) == 0ns);
  CHECK(out.runs[0].begin_of(kAudio) == 0ns);
  CHECK(out.runs[0].releases.front() == kStart);
  CHECK(splicer.offset() == -77s);
  CHECK(splicer.dropped_units() == 0);
  splicer.end();
  CHECK(out.runs[0].ended);
  CHECK_FALSE(splicer.offset());
  CHECK(out.runs[0].end_of(kVideo) >= 9900ms);
  check_tight(out.runs[0], 40ms);
}

TEST_CASE("the next run begins where the time that passed says") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart, 5s));
  splicer.end();
  source.base = 1000s;
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart + 7s, 5s));
  splicer.end();
  REQUIRE(out.runs.size() == 2);
  CHECK(out.runs[1].begin_of(kVideo) == 7s);
  CHECK(out.runs[1].releases.front() == kStart + 7s);
  check_invariants(out.runs);
}

TEST_CASE("a run never begins before the end of the one before") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  source.speed = 2;  // ran ahead of the clock
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart, 1s));
  splicer.end();
  const auto end = out.runs[0].end_of(kVideo);
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart + 500ms, 1s));
  REQUIRE(out.runs.size() == 2);
  CHECK(out.runs[1].begin_of(kVideo) >= end);
  CHECK(out.runs[1].begin_of(kVideo) <= end + kAudioFrame);
  check_invariants(out.runs);
}

TEST_CASE("what comes before the first key frame is dropped, audio too") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  auto arrivals = source.make(kStart, 5s);
  arrivals.erase(std::remove_if(arrivals.begin(), arrivals.end(),
                                [](const auto& a) { return a.unit.track == kVideo && a.unit.dts == 0ns; }),
                 arrivals.end());
  splicer.begin(source.tracks());
  feed(splicer, arrivals);
  splicer.end();
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].releases.front() == kStart + 2s);  // the second key frame
  CHECK(out.runs[0].begin_of(kVideo) == 0ns);
  check_tight(out.runs[0], 40ms);
}

TEST_CASE("a key frame without audio beside it waits for one that has") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  source.audio_late = 300ms;
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart, 5s));
  splicer.end();
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].releases.front() == kStart + 2s);
  check_tight(out.runs[0], 40ms);
}

TEST_CASE("audio that is announced and never comes holds the picture up for 3 s, then no more than 500 ms") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  auto arrivals = source.make(kStart, 6s);
  arrivals.erase(
      std::remove_if(arrivals.begin(), arrivals.end(), [](const auto& a) { return a.unit.track == kAudio; }),
      arrivals.end());
  splicer.begin(source.tracks());
  for (const auto& arrival : arrivals) {
    splicer.push(arrival.unit, arrival.at);
    CHECK(out.runs.empty() == (arrival.at - kStart < 3s));
  }
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].begin_of(kVideo) == 0ns);
  splicer.tick(kStart + 7s);
  CHECK(out.runs[0].end_of(kVideo) == 6s);
}

TEST_CASE("tracks that are not the channel's are dropped; one track alone is enough") {
  Recorder out;
  Splicer splicer{out};
  Source both;
  splicer.begin({audio_track()});
  feed(splicer, both.make(kStart, 2s));
  splicer.end();
  REQUIRE(out.runs.size() == 1);
  CHECK(out.runs[0].of(kVideo).empty());
  CHECK(out.runs[0].of(kAudio).size() == 94);
  splicer.begin({video_track()});
  feed(splicer, both.make(kStart + 3s, 2s));
  splicer.end();
  REQUIRE(out.runs.size() == 2);
  CHECK(out.runs[1].of(kVideo).size() == 50);
  check_invariants(out.runs);
}

TEST_CASE("wherever a worker dies, nothing is missing and both tracks end together") {
  struct Row {
    Nanos frame;
    int gop, b_frames;
    Nanos base, jitter;
  };
  const Row rows[] = {
      {40ms, 50, 0, 0s, 0ms},         {40ms, 52, 3, 5s, 0ms},   {33'333'333ns, 60, 2, 9s, 0ms},
      {100ms, 20, 0, 0s, 0ms},        {20ms, 100, 1, 0s, 15ms}, {40ms, 50, 3, 0s, 15ms},
      {16'666'667ns, 61, 3, 1h, 5ms},
  };
  for (const auto& row : rows) {
    Source source;
    source.video_frame = row.frame;
    source.gop = row.gop;
    source.b_frames = row.b_frames;
    source.base = row.base;
    const auto arrivals = source.make(kStart, 4s);
    for (std::size_t cut = 40; cut <= arrivals.size(); cut += 7) {
      Recorder out;
      Splicer splicer{out};
      splicer.begin(source.tracks());
      feed(splicer, {arrivals.begin(), arrivals.begin() + static_cast<std::ptrdiff_t>(cut)});
      splicer.end();
      INFO("frame " << row.frame.count() << " b " << row.b_frames << " cut " << cut);
      REQUIRE(out.runs.size() == 1);
      check_invariants(out.runs);
      check_tight(out.runs[0], row.frame);
    }
  }
}

TEST_CASE("wherever a worker of pictures alone dies, no frame is missing") {
  Source source;
  source.gop = 52;
  source.b_frames = 3;
  source.audio = false;
  const auto arrivals = source.make(kStart, 4s);
  for (std::size_t cut = 10; cut <= arrivals.size(); ++cut) {
    Recorder out;
    Splicer splicer{out};
    splicer.begin(source.tracks());
    feed(splicer, {arrivals.begin(), arrivals.begin() + static_cast<std::ptrdiff_t>(cut)});
    splicer.end();
    INFO("cut " << cut);
    REQUIRE(out.runs.size() == 1);
    const auto frames = static_cast<std::int64_t>(out.runs[0].units.size());
    CHECK(out.runs[0].end_of(kVideo) - out.runs[0].begin_of(kVideo) == frames * 40ms);
    CHECK(frames + 4 >= static_cast<std::int64_t>(cut));  // no more than one mini-GOP is held
  }
}

TEST_CASE("drift starts a new run at a key frame and loses nothing") {
  // 30 s at 2 % are 600 ms: late by over 100 ms several times, early by over 500 ms once.
  for (const double speed : {0.98, 1.02}) {
    for (const int b_frames : {0, 3}) {
      Recorder out;
      Splicer splicer{out};
      Source source;
      source.speed = speed;
      source.gop = 52;
      source.b_frames = b_frames;
      splicer.begin(source.tracks());
      const auto arrivals = source.make(kStart, 30s);
      feed(splicer, arrivals);
      splicer.end();
      INFO("speed " << speed << " b " << b_frames);
      CHECK(out.runs.size() >= (speed < 1 ? 3U : 2U));
      CHECK(out.runs.size() <= 8);
      check_invariants(out.runs);
      for (const auto& run : out.runs) check_tight(run, 40ms);
      CHECK(splicer.dropped_units() <= 20);  // what was held at the end
      for (const auto& run : out.runs) {
        const auto& unit = run.units.back();
        const Mono expected = kStart + unit.pts - (b_frames ? 80ms : 0ms);
        // A slow source follows the clock; a fast one cannot go back.
        if (speed < 1) CHECK(run.releases.back() - expected < 1ms);
      }
    }
  }
}

TEST_CASE("jitter is not drift") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  source.jitter = 90ms;
  splicer.begin(source.tracks());
  auto arrivals = source.make(kStart, 30s);
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.unit.dts < b.unit.dts; });
  Mono latest{};
  for (auto& arrival : arrivals) {
    // Every 5 s nothing comes for 400 ms, then all at once.
    if (const auto into = (arrival.at - kStart) % 5s; into < 400ms && arrival.at > kStart + 1s)
      arrival.at += 400ms - into;
    latest = arrival.at = std::max(latest, arrival.at);
  }
  feed(splicer, arrivals);
  CHECK(out.runs.size() == 1);
}

TEST_CASE("a run that began while the machine was busy goes on") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  splicer.begin(source.tracks());
  auto arrivals = source.make(kStart, 20s);
  // What came in the first second arrives 300 ms late, the rest in time: early, from then on.
  for (auto& arrival : arrivals)
    if (arrival.at < kStart + 1s) arrival.at = std::min(arrival.at + 300ms, kStart + 1s);
  feed(splicer, arrivals);
  CHECK(out.runs.size() == 1);
}

TEST_CASE("a drift of an audio channel re-anchors at once") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  source.video = false;
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart, 10s));
  Source later = source;
  later.base = 10s + kAudioFrame;
  feed(splicer, later.make(kStart + 10s + 800ms, 5s));
  splicer.end();
  REQUIRE(out.runs.size() == 2);
  check_invariants(out.runs);
  CHECK(out.runs[1].begin_of(kAudio) - out.runs[0].end_of(kAudio) > 700ms);
}

TEST_CASE("a jump of the source's time is a new run, whichever track jumps first") {
  for (const Nanos jump : {Nanos{-40s}, Nanos{40s}, Nanos{3h}}) {
    for (const Nanos audio_first : {Nanos{-60ms}, Nanos{60ms}}) {
      Recorder out;
      Splicer splicer{out};
      Source source;
      source.base = 100s;
      splicer.begin(source.tracks());
      auto arrivals = source.make(kStart, 10s);
      for (auto& arrival : arrivals) {
        const Nanos at = arrival.unit.dts - 100s + (arrival.unit.track == kAudio ? audio_first : Nanos{0});
        if (at < 4s) continue;
        arrival.unit.dts += jump;
        arrival.unit.pts += jump;
      }
      feed(splicer, arrivals);
      splicer.end();
      INFO("jump " << jump.count() << " audio " << audio_first.count());
      REQUIRE(out.runs.size() == 2);
      check_invariants(out.runs);
      check_tight(out.runs[0], 40ms);
      check_tight(out.runs[1], 40ms);
      CHECK(out.runs[1].begin_of(kVideo) >= 4s);
      CHECK(out.runs[1].begin_of(kVideo) <= 6s + 40ms);
    }
  }
}

TEST_CASE("a unit that goes back a little, or is presented in another age, is dropped") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  source.audio = false;
  splicer.begin(source.tracks());
  auto arrivals = source.make(kStart, 2s);
  auto twice = arrivals[20];
  arrivals.insert(arrivals.begin() + 21, twice);
  auto absurd = arrivals[30];
  absurd.unit.pts += 24h * 365 * 50;
  arrivals[30] = absurd;
  feed(splicer, arrivals);
  CHECK(splicer.dropped_units() == 2);
  CHECK(out.runs.size() == 1);
  CHECK(out.runs[0].end_of(kVideo) == 2s);
}

TEST_CASE("new tracks in the middle end the run") {
  Recorder out;
  Splicer splicer{out};
  Source source;
  splicer.begin(source.tracks());
  feed(splicer, source.make(kStart, 3s));
  splicer.begin(source.tracks());
  CHECK(out.runs.back().ended);
  source.base = 3s;
  feed(splicer, source.make(kStart + 3s, 3s));
  splicer.end();
  REQUIRE(out.runs.size() == 2);
  check_invariants(out.runs);
  check_tight(out.runs[0], 40ms);
  check_tight(out.runs[1], 40ms);
}

TEST_CASE("whatever comes in, channel time keeps its order") {
  std::minstd_rand random{42};
  const auto roll = [&](std::int64_t n) { return static_cast<std::int64_t>(random()) % n; };
  for (int round = 0; round < 300; ++round) {
    Recorder out;
    Splicer splicer{out};
    Mono now = kStart;
    for (int step = 0; step < 400; ++step) {
      now += Nanos{roll(80) * 1'000'000};
      switch (roll(60)) {
        case 0:
          splicer.end();
          break;
        case 1:
          splicer.begin(roll(3) ? std::vector{video_track(), audio_track()} : std::vector{audio_track()});
          break;
        case 2:
          splicer.tick(now);
          break;
        default: {
          Unit unit;
          unit.track = static_cast<std::uint8_t>(1 + roll(3));
          unit.key = unit.track == kAudio || roll(10) == 0;
          unit.dts = step * Nanos{40ms} + Nanos{(roll(20) ? roll(50) * 1'000'000 : roll(1'000'000'000'000))};
          unit.pts = unit.track == kVideo ? unit.dts + Nanos{roll(8) * 40'000'000} : unit.dts;
          unit.duration = Nanos{1 + roll(60'000'000)};
          unit.payload = base::make_blob({1});
          splicer.push(unit, now);
        }
      }
    }
    splicer.end();
    check_invariants(out.runs);
  }
}
