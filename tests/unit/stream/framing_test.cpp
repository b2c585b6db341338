#include "hub/stream/framing.h"

#include "tests/support/catch.h"

#include <random>
#include <string>

using namespace hub;
using namespace hub::stream;
using namespace std::chrono_literals;

namespace {

Unit sample_unit() {
  return {1, true, 2s, -40ms, 20ms, base::make_blob({1, 2, 3})};
}

Tracks sample_tracks() {
  return {{{0, Codec::H264, {1, 0x64, 0, 31}, 1280, 720, 0, 0, 2'000'000, ""},
           {1, Codec::Aac, {0x11, 0x90}, 0, 0, 48000, 2, 128'000, "fr"}}};
}

base::Bytes frame(const Message& message) {
  base::Bytes out;
  append_frame(out, message);
  return out;
}

}  // namespace

TEST_CASE("every message survives the round trip, however the bytes are cut") {
  base::Bytes wire;
  append_frame(wire, Start{{{"uri", "demo:"}}});
  append_frame(wire, sample_tracks());
  append_frame(wire, sample_unit());
  append_frame(wire, Title{"Salle 1 – DNSOP"});
  append_frame(wire, Health{250ms, 123'456'789'012, true, false});
  append_frame(wire, Bye{{base::Errc::NotFound, "404"}});

  const std::size_t step = GENERATE(1U, 3U, 7U, 4096U);
  Deframer deframer;
  std::vector<Message> got;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    deframer.feed(std::span{wire}.subspan(at, std::min(step, wire.size() - at)));
    for (;;) {
      auto next = deframer.next();
      REQUIRE(next.has_value());
      if (!*next) break;
      got.push_back(std::move(**next));
    }
  }
  REQUIRE(got.size() == 6);
  CHECK(std::get<Start>(got[0]).job.at("uri") == "demo:");
  CHECK(std::get<Tracks>(got[1]).tracks == sample_tracks().tracks);
  const auto& unit = std::get<Unit>(got[2]);
  CHECK(unit.track == 1);
  CHECK(unit.key);
  CHECK(unit.pts == 2s);
  CHECK(unit.dts == -40ms);
  CHECK(unit.duration == 20ms);
  CHECK(*unit.payload == base::Bytes{1, 2, 3});
  CHECK(std::get<Title>(got[3]).text == "Salle 1 – DNSOP");
  const auto& health = std::get<Health>(got[4]);
  CHECK(health.buffered == 250ms);
  CHECK(health.bytes_in == 123'456'789'012);
  CHECK(health.transcoding_video);
  CHECK(std::get<Bye>(got[5]).why == base::Failure{base::Errc::NotFound, "404"});
}

TEST_CASE("a broken stream is one failure, and stays one") {
  auto wire = frame(sample_unit());
  SECTION("another version") {
    wire[4] = 9;
  }
  SECTION("unknown type") {
    wire[5] = 99;
  }
  SECTION("a length over the limit is refused before it is waited for") {
    wire[0] = 0x7F;
  }
  SECTION("negative presentation time") {
    wire[kHeaderBytes + 4] = 0x80;
  }
  SECTION("absurd presentation time") {
    wire[kHeaderBytes + 4] = 0x7F;
  }
  SECTION("no duration") {
    std::fill_n(wire.begin() + kHeaderBytes + 20, 8, std::uint8_t{0});
  }
  SECTION("a track number that cannot be") {
    wire[kHeaderBytes] = 200;
  }
  Deframer deframer;
  deframer.feed(wire);
  REQUIRE_FALSE(deframer.next().has_value());
  deframer.feed(frame(sample_unit()));
  CHECK_FALSE(deframer.next().has_value());
}

TEST_CASE("two tracks with one id are refused") {
  auto tracks = sample_tracks();
  tracks.tracks[1].id = 0;
  Deframer deframer;
  deframer.feed(frame(tracks));
  CHECK_FALSE(deframer.next().has_value());
}

TEST_CASE("random bytes never crash it nor make it hoard") {
  std::mt19937 random{20261123};
  for (int round = 0; round < 300; ++round) {
    auto wire = frame(sample_tracks());
    const auto more = frame(sample_unit());
    wire.insert(wire.end(), more.begin(), more.end());
    for (int k = 0; k < 4; ++k) wire[random() % wire.size()] = static_cast<std::uint8_t>(random());
    Deframer deframer;
    deframer.feed(wire);
    for (int k = 0; k < 3; ++k) {
      const auto next = deframer.next();
      if (!next || !*next) break;
    }
  }
}
