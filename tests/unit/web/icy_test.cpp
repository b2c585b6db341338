#include "hub/web/icy.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <random>

using namespace hub::web;
using hub::base::Bytes;

namespace {

/// Takes an ICY stream apart again.
struct Split {
  Bytes audio;
  std::vector<std::string> titles;  ///< one for each metadata block, empty blocks as ""
};
Split take_apart(const Bytes& stream) {
  Split out;
  std::size_t at = 0;
  while (at < stream.size()) {
    const auto audio = std::min(IcyInterleaver::kInterval, stream.size() - at);
    out.audio.insert(out.audio.end(), stream.begin() + static_cast<std::ptrdiff_t>(at),
                     stream.begin() + static_cast<std::ptrdiff_t>(at + audio));
    at += audio;
    if (at == stream.size()) break;
    const std::size_t length = stream[at] * 16U;
    ++at;
    std::string text(stream.begin() + static_cast<std::ptrdiff_t>(at),
                     stream.begin() + static_cast<std::ptrdiff_t>(at + length));
    text.erase(std::find(text.begin(), text.end(), '\0'), text.end());
    out.titles.push_back(text);
    at += length;
  }
  return out;
}

}  // namespace

TEST_CASE("audio comes through the interleaver bit for bit, however it is cut") {
  std::mt19937 random{1};  // NOLINT: the same run each time
  for (int run = 0; run < 50; ++run) {
    IcyInterleaver icy;
    Bytes audio;
    Bytes stream;
    std::size_t expected_blocks = 0;
    for (int chunk = 0; chunk < 30; ++chunk) {
      Bytes bytes(random() % 40'000);
      for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
      audio.insert(audio.end(), bytes.begin(), bytes.end());
      const auto woven = icy.weave(bytes, chunk < 15 ? "one" : "two");
      stream.insert(stream.end(), woven.begin(), woven.end());
    }
    expected_blocks = audio.size() / IcyInterleaver::kInterval;
    const auto split = take_apart(stream);
    REQUIRE(split.audio == audio);
    REQUIRE(split.titles.size() == expected_blocks);
    CHECK(split.titles.front() == "StreamTitle='one';");
    CHECK(std::count(split.titles.begin(), split.titles.end(), "StreamTitle='two';") == 1);
    CHECK(std::count(split.titles.begin(), split.titles.end(), "") + 2 ==
          static_cast<std::ptrdiff_t>(split.titles.size()));
  }
}

TEST_CASE("titles cannot break out of the metadata") {
  CHECK(icy_metadata("a").size() == 1 + 16);
  const auto evil = icy_metadata("x';StreamUrl='http://evil\n\r");
  const std::string text(evil.begin() + 1, evil.end());
  CHECK(text.starts_with("StreamTitle='x\xE2\x80\x99;StreamUrl=\xE2\x80\x99http://evil  ';"));
  std::string longest;
  for (int i = 0; i < 3000; ++i) longest += "é";
  const auto cut = icy_metadata(longest);
  CHECK(cut.size() <= 1 + 255 * 16);
  std::string body(cut.begin() + 1, cut.end());
  body.erase(std::find(body.begin(), body.end(), '\0'), body.end());
  CHECK(body.ends_with("é';"));
}

TEST_CASE("the bit rate of an MP3 chunk") {
  CHECK(mp3_kbps(Bytes{0xFF, 0xFB, 0x70, 0x00}) == 96);
  CHECK(mp3_kbps(Bytes{0xFF, 0xF3, 0x60, 0x00}) == 48);
  CHECK(mp3_kbps(Bytes{0xFF, 0xF1, 0x50, 0x80}) == 0);  // ADTS
  CHECK(mp3_kbps(Bytes{0xFF}) == 0);
}
