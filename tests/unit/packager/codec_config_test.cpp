#include "hub/packager/codec_config.h"

#include "tests/support/catch.h"
#include "tests/unit/packager/bench.h"

using namespace hub;
using namespace hub::packager;

TEST_CASE("AudioSpecificConfig") {
  struct Case {
    base::Bytes bytes;
    std::string codec;
    std::uint32_t core_hz, hz;
    std::uint8_t channels;
  };
  const auto [bytes, codec, core_hz, hz, channels] = GENERATE(values<Case>({
      {{0x11, 0x90}, "mp4a.40.2", 48'000, 48'000, 2},
      {{0x12, 0x08}, "mp4a.40.2", 44'100, 44'100, 1},
      {{0x17, 0x80, 0x5D, 0xC0, 0x10}, "mp4a.40.2", 48'000, 48'000, 2},  // rate index 15: 24 bits of Hz
      {{0x2B, 0x09, 0x88, 0x00}, "mp4a.40.5", 24'000, 48'000, 1},
  }));
  const auto config = parse_aac_config(bytes);
  REQUIRE(config);
  CHECK(codec_string(*config) == codec);
  CHECK(config->core_rate_hz == core_hz);
  CHECK(config->rate_hz == hz);
  CHECK(config->channels == channels);
  CHECK(config->frame_samples == 1024);
}

TEST_CASE("AudioSpecificConfig that cannot be") {
  const auto bytes = GENERATE(values<base::Bytes>({
      {},
      {0x11},                          // cut off
      {0x06, 0x90},                    // rate index 13, reserved
      {0x00, 0x90},                    // no object type
      {0x2B, 0x09},                    // SBR, cut off
      {0x17, 0x80, 0x00, 0x00, 0x90},  // rate index 15, 1 Hz
      base::Bytes(65, 0),              // longer than any in use
  }));
  CHECK_FALSE(parse_aac_config(bytes));
}

TEST_CASE("avcC") {
  const auto config = parse_avc_config(test::kAvcConfig);
  REQUIRE(config);
  CHECK(codec_string(*config) == "avc1.64001f");
  for (std::size_t size = 0; size < test::kAvcConfig.size(); ++size) {
    base::Bytes cut{test::kAvcConfig.begin(), test::kAvcConfig.begin() + static_cast<std::ptrdiff_t>(size)};
    CHECK_FALSE(parse_avc_config(cut));
  }
  auto version = test::kAvcConfig;
  version[0] = 2;
  CHECK_FALSE(parse_avc_config(version));
  auto no_sps = test::kAvcConfig;
  no_sps[5] = 0xE0;
  CHECK_FALSE(parse_avc_config(no_sps));
  auto length_size_3 = test::kAvcConfig;
  length_size_3[4] = 0xFE;
  CHECK_FALSE(parse_avc_config(length_size_3));
}
