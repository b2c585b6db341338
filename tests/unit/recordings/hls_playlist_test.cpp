#include "hub/recordings/hls_playlist.h"

#include "tests/support/catch.h"

#include <string>

using namespace hub::recordings;
using hub::base::Errc;

namespace {

constexpr auto kBase = "https://videodelivery.net/abc/manifest/video.m3u8";

constexpr auto kMaster = R"(#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="other",DEFAULT=NO,URI="other.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English, original",DEFAULT=YES,URI="sound.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="fr",URI="fr.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2500000,AVERAGE-BANDWIDTH=2000000,RESOLUTION=1280x720,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
720.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.64001e,mp4a.40.2",AUDIO="a"
360.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=426x240,CODECS="avc1.640015,mp4a.40.2",AUDIO="a"
240.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2",AUDIO="a"
sound.m3u8
)";

}  // namespace

TEST_CASE("the best variant within the limits is chosen, with the sound of its group") {
  const auto parsed = parse_hls(kMaster, kBase);
  REQUIRE(parsed);
  const auto& master = std::get<MasterPlaylist>(*parsed);
  struct Row {
    std::uint32_t height, kbps;
    const char* uri;
  };
  const auto row = GENERATE(Row{360, 0, "360"}, Row{0, 0, "720"}, Row{720, 0, "720"}, Row{700, 0, "360"},
                            Row{360, 500, "240"}, Row{100, 0, "240"}, Row{0, 100, "240"});
  const auto choice = choose(master, row.height, row.kbps);
  CHECK(choice.video.uri == std::string{"https://videodelivery.net/abc/manifest/"} + row.uri + ".m3u8");
  REQUIRE(choice.audio);
  CHECK(choice.audio->uri == "https://videodelivery.net/abc/manifest/sound.m3u8");
  CHECK(master.variants[0].bps == 2'000'000);
}

TEST_CASE("segments, init, byte ranges and their addresses") {
  const auto parsed = parse_hls(
      "\xEF\xBB\xBF#EXTM3U\r\n#EXT-X-TARGETDURATION:6\r\n#EXT-X-MAP:URI=\"all.mp4\",BYTERANGE=\"700@0\"\r\n"
      "#EXTINF:6.0,\r\n#EXT-X-BYTERANGE:1000@700\r\nall.mp4\r\n#EXTINF:2.5,a "
      "title\r\n#EXT-X-BYTERANGE:500\r\n"
      "all.mp4\r\n#EXTINF:1,\r\n//other.example/x.m4s?t=1\r\n#EXT-X-ENDLIST",
      "http://h.example/a/b.m3u8");
  REQUIRE(parsed);
  const auto& media = std::get<MediaPlaylist>(*parsed);
  REQUIRE(media.init);
  CHECK(media.init->range->length == 700);
  REQUIRE(media.segments.size() == 3);
  CHECK(media.segments[0].uri == "http://h.example/a/all.mp4");
  CHECK(media.segments[1].range->offset == 1700);
  CHECK(media.segments[1].range->length == 500);
  CHECK(media.segments[2].uri == "http://other.example/x.m4s?t=1");
  CHECK(media.duration_s == 9.5);
}

TEST_CASE("what is no recording is refused with its reason") {
  const std::string begin = "#EXTM3U\n#EXTINF:6,\na.ts\n";
  std::string endless = "#EXTM3U\n";
  for (std::size_t i = 0; i <= kMaxSegments; ++i) endless += "#EXTINF:1,\na.ts\n";
  struct Row {
    std::string text;
    Errc code;
    const char* word;
  };
  const auto row = GENERATE_COPY(
      Row{begin, Errc::Unsupported, "live broadcast"}, Row{"<html>", Errc::Unsupported, "does not lead"},
      Row{"", Errc::Unsupported, "does not lead"},
      Row{"#EXTM3U\n#EXT-X-ENDLIST\n", Errc::Unsupported, "empty"},
      Row{"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:6,\na.ts\n#EXT-X-ENDLIST\n",
          Errc::Unsupported, "encrypted"},
      Row{"#EXTM3U\n#EXTINF:x,\na.ts\n#EXT-X-ENDLIST\n", Errc::Unsupported, "line 2"},
      Row{"#EXTM3U\n#EXTINF:6,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", Errc::Unsupported, "line 3"},
      Row{"#EXTM3U\n#EXTINF:6,\n#EXT-X-BYTERANGE:5\na.ts\n#EXT-X-ENDLIST\n", Errc::Unsupported, "line 4"},
      Row{"#EXTM3U\n#EXT-X-MAP:URI=\"a\"\n#EXT-X-MAP:URI=\"b\"\n", Errc::Unsupported, "different formats"},
      Row{"#EXTM3U\n#EXTINF:999999,\na.ts\n#EXT-X-ENDLIST\n", Errc::TooLarge, "absurdly"},
      Row{endless, Errc::TooLarge, "absurdly"},
      Row{"#EXTM3U\n" + std::string(kMaxPlaylistBytes, '\n'), Errc::TooLarge, "absurdly"});
  const auto parsed = parse_hls(row.text, kBase);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.trouble().code == row.code);
  INFO(parsed.trouble().en);
  CHECK(parsed.trouble().en.find(row.word) != std::string::npos);
  CHECK(parsed.trouble().fr.size() > 20);
}
