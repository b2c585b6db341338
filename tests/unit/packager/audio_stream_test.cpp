#include "hub/packager/audio_stream.h"

#include "tests/support/catch.h"

using namespace hub;
using namespace hub::packager;
using namespace std::chrono_literals;

namespace {

stream::Track aac(base::Bytes config = {0x11, 0x90}) {
  return {3, stream::Codec::Aac, std::move(config), 0, 0, 48'000, 2, 0, ""};
}
stream::Track mp3(std::uint32_t rate_hz = 44'100) {
  return {3, stream::Codec::Mp3, {}, 0, 0, rate_hz, 2, 0, ""};
}
stream::Unit unit(base::Bytes payload, std::uint8_t track = 3) {
  return {track, true, 0s, 0s, 21ms, base::make_blob(std::move(payload))};
}
const base::Bytes kMp3Frame{0xFF, 0xFB, 0x90, 0x00, 1, 2, 3};

struct Listener {
  std::shared_ptr<AudioPublication> publication = std::make_shared<AudioPublication>();
  AudioStream stream{publication};

  void push(const base::Bytes& payload, int count) {
    for (int i = 0; i < count; ++i) stream.push(unit(payload));
  }
};

}  // namespace

TEST_CASE("AAC frames get an ADTS header that says what they are") {
  Listener listener;
  listener.stream.begin(aac());
  listener.push(base::Bytes(300, 0xAB), 10);  // 213 ms
  const auto window = listener.publication->current();
  REQUIRE(window);
  REQUIRE(window->chunks.size() == 1);
  const auto& chunk = *window->chunks.front();
  REQUIRE(chunk.size() == 10 * 307);
  for (std::size_t at = 0; at < chunk.size(); at += 307) {
    CHECK(chunk[at] == 0xFF);
    CHECK(chunk[at + 1] == 0xF1);                                     // MPEG-4, no CRC
    CHECK(chunk[at + 2] >> 6 == 1);                                   // LC
    CHECK(((chunk[at + 2] >> 2) & 0xF) == 3);                         // 48 kHz
    CHECK((((chunk[at + 2] & 1) << 2) | (chunk[at + 3] >> 6)) == 2);  // stereo
    const int length = ((chunk[at + 3] & 3) << 11) | (chunk[at + 4] << 3) | (chunk[at + 5] >> 5);
    CHECK(length == 307);
    CHECK(chunk[at + 7] == 0xAB);
  }
}

TEST_CASE("chunks of about 200 ms, a window of 6 s, a burst of 2 s") {
  Listener listener;
  listener.stream.begin(mp3());
  listener.push(kMp3Frame, 383 * 3);  // 30 s
  const auto window = listener.publication->current();
  REQUIRE(window);
  // Eight frames of 26.1 ms are 209 ms.
  CHECK(window->chunks.front()->size() == 8 * kMp3Frame.size());
  CHECK(window->chunks.size() == 29);
  CHECK(window->burst_chunks == 10);
  CHECK(window->end() == 383 * 3 / 8);
}

TEST_CASE("numbers go on where another stream on the same publication ended") {
  Listener listener;
  listener.stream.begin(mp3());
  listener.push(kMp3Frame, 80);
  const auto end = listener.publication->current()->end();
  AudioStream next{listener.publication};
  next.begin(mp3());
  for (int i = 0; i < 8; ++i) next.push(unit(kMp3Frame));
  CHECK(listener.publication->current()->first == end);
}

TEST_CASE("the title is shown from the next chunk on") {
  Listener listener;
  listener.stream.begin(mp3());
  listener.push(kMp3Frame, 8);
  listener.stream.set_title("DNSOP");
  CHECK(listener.publication->current()->title.empty());
  listener.push(kMp3Frame, 8);
  CHECK(listener.publication->current()->title == "DNSOP");
}

TEST_CASE("what a listener could not decode is left out") {
  Listener listener;
  SECTION("a rate that ADTS cannot name") {
    listener.stream.begin(aac({0x17, 0x80, 0x5D, 0xC0, 0x10}));
    listener.push(base::Bytes(300, 1), 50);
  }
  SECTION("not AAC-LC") {
    listener.stream.begin(aac({0x0A, 0x10}));
    listener.push(base::Bytes(300, 1), 50);
  }
  SECTION("frames of 960 samples") {
    listener.stream.begin(aac({0x11, 0x94}));
    listener.push(base::Bytes(300, 1), 50);
  }
  SECTION("a configuration that cannot be") {
    listener.stream.begin(aac({}));
    listener.push(base::Bytes(300, 1), 50);
  }
  SECTION("video") {
    listener.stream.begin({3, stream::Codec::H264, {}, 640, 360, 0, 0, 0, ""});
    listener.push(base::Bytes(300, 1), 50);
  }
  SECTION("a frame too long for ADTS") {
    listener.stream.begin(aac());
    listener.push(base::Bytes(8185, 1), 50);
  }
  SECTION("bytes that are no MP3 frame") {
    listener.stream.begin(mp3());
    listener.push(base::Bytes(300, 1), 50);
    listener.push({0xFF}, 50);
  }
  SECTION("another track, and empty units") {
    listener.stream.begin(mp3());
    for (int i = 0; i < 50; ++i) listener.stream.push(unit(kMp3Frame, 4));
    listener.push({}, 50);
    listener.stream.push({3, true, 0s, 0s, 21ms, nullptr});
  }
  CHECK(listener.publication->current() == nullptr);
}

TEST_CASE("another rate than at the start is silence, until the first one is back") {
  Listener listener;
  listener.stream.begin(mp3(44'100));
  listener.push(kMp3Frame, 8);
  listener.stream.begin(mp3(48'000));
  listener.push(kMp3Frame, 80);
  CHECK(listener.publication->current()->end() == 1);
  listener.stream.begin(mp3(44'100));
  listener.push(kMp3Frame, 8);
  CHECK(listener.publication->current()->end() == 2);
}
