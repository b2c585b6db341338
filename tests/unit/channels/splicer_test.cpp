#include "tests/unit/channels/splicer_source.h"

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

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
