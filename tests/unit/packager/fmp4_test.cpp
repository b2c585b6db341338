#include "hub/packager/fmp4.h"

#include "hub/packager/rendition.h"
#include "tests/support/catch.h"
#include "tests/unit/packager/bench.h"

#include <numeric>

using namespace hub;
using namespace hub::packager;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

const Fmp4Track kVideo{1, stream::Kind::Video, 90'000, kAvcConfig, 640, 360, 0};
const Fmp4Track kAudio{2, stream::Kind::Audio, 44'100, kAacConfig, 0, 0, 2};

Sample sample(base::Nanos dts, base::Nanos pts, base::Nanos duration, base::Bytes payload, bool key = true) {
  return {dts, pts, duration, key, base::make_blob(std::move(payload))};
}

}  // namespace

TEST_CASE("ticks are rounded from absolute time: a year of sound does not drift") {
  CHECK(to_ticks(-kTimeOrigin, 90'000) == 0);
  CHECK(to_ticks(0s, 90'000) == 900'000);
  CHECK(to_ticks(1ns, 44'100) == 441'000);
  const std::int64_t frame = 1'357'917'000;  // about a year of 1024/44100 s
  const base::Nanos time{frame / 441 * 10'240'000'000 + frame % 441 * 10'240'000'000 / 441};
  CHECK(to_ticks(time, 44'100) == 441'000 + static_cast<std::uint64_t>(frame) * 1024);
}

TEST_CASE("a fragment reads back as it was written") {
  Fmp4Reader reader;
  const std::vector<Fmp4Track> tracks{kVideo, kAudio};
  reader.read_init(make_init(tracks));
  REQUIRE(reader.violations().empty());
  CHECK(reader.tracks().at(1).entry == "avc1");
  CHECK(reader.tracks().at(1).handler == "vide");
  CHECK(reader.tracks().at(1).timescale == 90'000);
  CHECK(reader.tracks().at(2).entry == "mp4a");
  CHECK(reader.tracks().at(2).timescale == 44'100);

  // The first decode time is negative, as with B-frames; one presentation time lies before its decode time.
  const std::vector<Sample> video{sample(-80ms, 0ms, 40ms, {1, 2, 3}), sample(-40ms, 120ms, 40ms, {4}, false),
                                  sample(0ms, -20ms, 40ms, {5, 6}, false)};
  const std::vector<Sample> audio{sample(10ms, 10ms, 23ms, {7}), sample(33ms, 33ms, 23ms, {8, 9})};
  const std::vector<TrackRun> runs{{&kVideo, video, 0s}, {&kAudio, audio, 0s}};
  reader.read_media(make_fragment(1, runs));
  REQUIRE(reader.violations().empty());
  const auto& read = reader.samples("vide");
  REQUIRE(read.size() == 3);
  CHECK(read[0].dts == kTimeOrigin - 80ms);
  CHECK(read[0].pts == kTimeOrigin);
  CHECK(read[0].key);
  CHECK_FALSE(read[1].key);
  CHECK(read[1].pts == kTimeOrigin + 120ms);
  CHECK(read[2].pts == kTimeOrigin - 20ms);
  CHECK(read[2].payload == base::Bytes{5, 6});
  CHECK(read[2].duration == 40ms);
  REQUIRE(reader.samples("soun").size() == 2);
  CHECK(reader.samples("soun")[1].payload == base::Bytes{8, 9});
}

TEST_CASE("a track without samples keeps its place in a fragment") {
  Fmp4Reader reader;
  const std::vector<Fmp4Track> tracks{kVideo, kAudio};
  reader.read_init(make_init(tracks));
  const std::vector<Sample> audio{sample(0ms, 0ms, 23ms, {7})};
  const std::vector<TrackRun> runs{{&kVideo, {}, 0s}, {&kAudio, audio, 0s}};
  reader.read_media(make_fragment(1, runs));
  CHECK(reader.violations().empty());
  CHECK(reader.samples("vide").empty());
  CHECK(reader.samples("soun").size() == 1);
}

TEST_CASE("what hangs over at the end of a run") {
  // I0 P3 B1 B2 P6 B4 B5, 40 ms each.
  std::vector<Sample> all;
  int at = 0;
  for (const int shown : {0, 3, 1, 2, 6, 4, 5})
    all.push_back(sample(40ms * at++, 40ms * shown, 40ms, {1}, shown == 0));
  struct Case {
    std::size_t have;
    base::Nanos shown, until;
    std::size_t gone;
  };
  const auto [have, shown, until, gone] = GENERATE(values<Case>({
      {7, 0ms, 1s, 0},     // whole
      {6, 0ms, 1s, 2},     // B5 is missing: P6 and B4 go
      {5, 0ms, 1s, 1},     // P6 alone after a hole
      {4, 0ms, 1s, 0},     // whole
      {3, 0ms, 1s, 2},     // B2 is missing
      {7, 0ms, 200ms, 3},  // cut to the sound: all of P6's group
      {7, 0ms, 50ms, 6},   // only I0 stays
      {1, 0ms, 1s, 0},     //
      {0, 0ms, 1s, 0},     //
      {1, 40ms, 1s, 0},    // I0 again after what was shown: no hole
  }));
  const std::vector<Sample> pending{all.begin(), all.begin() + static_cast<std::ptrdiff_t>(have)};
  CHECK(overhang(pending, shown, until) == gone);
}
