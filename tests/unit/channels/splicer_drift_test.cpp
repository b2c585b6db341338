#include "tests/unit/channels/splicer_source.h"

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

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
