#include "hub/media/timeline.h"

#include "hub/media/pacer.h"
#include "tests/support/catch.h"

using namespace hub::media;
using namespace std::chrono_literals;
using hub::base::Blob;
using hub::base::Errc;
using hub::base::Mono;
using hub::base::Nanos;
using hub::stream::Kind;

namespace {

const Blob kPayload = hub::base::make_blob({1});
constexpr std::uint8_t kVideo = 1, kAudio = 2;

Sample video(Nanos pts, Nanos dts, bool key = false) {
  return {kVideo, key, pts, dts, 40ms, kPayload, nullptr};
}
Sample audio(Nanos pts) {
  return {kAudio, true, pts, std::nullopt, std::nullopt, kPayload, nullptr};
}

struct Fixture {
  Timeline timeline;
  Mono now{1h};
  Fixture() {
    timeline.set_track(kVideo, Kind::Video, Nanos{0});
    timeline.set_track(kAudio, Kind::Audio, Nanos{21'333'333});
  }
  void push(const Sample& sample) { REQUIRE(timeline.push(sample, now)); }
  std::vector<hub::stream::Unit> finish() {
    timeline.finish();
    std::vector<hub::stream::Unit> out;
    for (auto& timed : timeline.take()) out.push_back(timed.unit);
    return out;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "time begins at the first key frame; both tracks keep their distance") {
  push(audio(9s));           // before the picture
  push(video(10s, 9920ms));  // cannot be decoded
  push(audio(10s + 30ms));
  push(video(10s + 40ms, 9960ms, true));
  push(video(10s + 160ms, 10s));
  push(audio(10s + 51ms));
  const auto units = finish();
  REQUIRE(units.size() == 3);
  CHECK(units[0].track == kVideo);
  CHECK(units[0].pts == 0ns);
  CHECK(units[0].dts == -80ms);
  CHECK(units[0].duration == 40ms);
  CHECK(units[1].pts == 120ms);
  CHECK(units[2].track == kAudio);
  CHECK(units[2].pts == 11ms);
}

TEST_CASE_METHOD(Fixture, "rounded audio times become exact, and durations add up") {
  push(video(0ns, 0ns, true));
  for (int i = 0; i < 500; ++i)
    push(audio(std::chrono::round<std::chrono::milliseconds>(i * Nanos{21'333'333})));
  const auto units = finish();
  std::optional<Nanos> end;
  for (const auto& unit : units) {
    if (unit.track != kAudio) continue;
    CHECK(unit.duration == Nanos{21'333'333});
    if (end) CHECK(unit.pts == *end);
    end = unit.pts + unit.duration;
  }
}

TEST_CASE_METHOD(Fixture, "a gap in the sound is kept, a decoding time that goes back a little is repaired") {
  push(video(0ns, 0ns, true));
  push(audio(0ns));
  push(audio(500ms));
  push(video(80ms, 40ms));
  push(video(120ms, 39ms));
  push(video(200ms, 120ms));
  const auto units = finish();
  for (const auto& unit : units) CHECK(unit.duration > 0ns);
  const auto first_sound =
      std::find_if(units.begin(), units.end(), [](const auto& u) { return u.track == kAudio; });
  CHECK(first_sound->duration == 500ms);
}

TEST_CASE_METHOD(Fixture, "a clock that jumps ends the source") {
  push(video(0ns, 0ns, true));
  SECTION("forward") {
    const auto pushed = timeline.push(video(1h, 1h), now);
    REQUIRE_FALSE(pushed);
    CHECK(pushed.error().code == Errc::Io);
  }
  SECTION("back") {
    push(video(2s, 2s));
    CHECK_FALSE(timeline.push(video(1s, 1s), now));
  }
  SECTION("but not after a silence of that length") {
    now += 20s;
    CHECK(timeline.push(video(20s, 20s), now));
  }
}

TEST_CASE_METHOD(Fixture, "changed tracks are announced with the first unit that has them") {
  push(video(0ns, 0ns, true));
  auto changed = video(40ms, 40ms, true);
  changed.tracks = std::make_shared<const std::vector<hub::stream::Track>>(1);
  push(changed);
  timeline.finish();
  const auto timed = timeline.take();
  REQUIRE(timed.size() == 2);
  CHECK_FALSE(timed[0].tracks);
  CHECK(timed[1].tracks);
}

namespace {

TimedUnit timed(std::uint8_t track, Nanos dts) {
  return {{track, true, dts, dts, 40ms, kPayload}, nullptr};
}

}  // namespace

TEST_CASE("a burst is paced, in order over the tracks") {
  Pacer pacer{200ms};
  const Mono start{1h};
  for (int i = 0; i < 50; ++i) pacer.push(timed(kVideo, i * 40ms), start);
  for (int i = 0; i < 90; ++i) pacer.push(timed(kAudio, i * 21ms), start);
  CHECK(pacer.due(start + 199ms).empty());
  CHECK(pacer.next() == start + 200ms);
  Nanos last{0};
  std::size_t count = 0;
  for (Nanos passed = 0ms; passed < 3s; passed += 10ms)
    for (const auto& unit : pacer.due(start + passed)) {
      ++count;
      CHECK(unit.unit.dts >= last);
      CHECK(unit.unit.dts + 200ms <= passed);
      CHECK(unit.unit.dts + 210ms > passed);
      last = unit.unit.dts;
    }
  CHECK(count == 140);
  CHECK(pacer.empty());
  CHECK(pacer.bytes() == 0);
}

TEST_CASE("a late unit goes at once and takes the later ones with it") {
  Pacer pacer{0ms};
  Mono now{1h};
  pacer.push(timed(kVideo, 0ms), now);
  CHECK(pacer.due(now).size() == 1);
  now += 340ms;  // 300 ms late
  pacer.push(timed(kVideo, 40ms), now);
  pacer.push(timed(kVideo, 80ms), now);
  CHECK(pacer.due(now).size() == 1);
  CHECK(pacer.next() == now + 40ms);
  CHECK(pacer.buffered(now) == 80ms);
}
