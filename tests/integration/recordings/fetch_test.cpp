// viewing-hub fetch and the hub's own queue, against a real nginx and a server that behaves badly.
#include "tests/support/catch.h"
#include "tests/support/hub.h"
#include "tests/support/odd_origin.h"
#include "tests/support/peers.h"
#include "tests/support/skip.h"

#include <csignal>

using namespace hub::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr auto kAllowed = "[rights]\npermission = \"K. Diarra, 2027-03-01\"\n";

/// A file that begins as MP4 does; what it holds does not matter to a fetch.
std::string noise(std::size_t bytes) {
  std::string out{
      "\0\0\0\x18"
      "ftypisom",
      12};
  std::uint32_t state = 7;
  while (out.size() < bytes) out += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  return out;
}

fs::path folder_of(const Hub& hub) {
  return hub.dir().path() / "data" / "recordings";
}

/// A settings file whose data are in @p dir.
std::vector<std::string> fetch_args(const TempDir& dir, const std::string& url,
                                    const std::string& extra = {}) {
  write_text(dir.file("hub.toml"), "[hub]\nlanguages = [\"en\"]\n" + std::string{kAllowed} + extra);
  return {program("viewing-hub"), "fetch", "--config", dir.file("hub.toml"), "--title", "It", url};
}

std::pair<int, std::string> fetch(const TempDir& dir, const std::string& url, const std::string& extra = {}) {
  Process process{{fetch_args(dir, url, extra), {}, dir.file("log"), {}, {}}};
  const auto code = process.wait(60s);
  return {code.value_or(-1), process.output()};
}

}  // namespace

TEST_CASE("fetch: a server that cuts off is gone on with, and no byte is asked for twice") {
  const TempDir dir;
  write_text(dir.path() / "a.mp4", noise(600'000));
  OddOrigin origin{dir.path()};
  const auto [code, text] = fetch(dir, origin.url("/cut/a.mp4"));
  INFO(text);
  CHECK(code == 0);
  CHECK(read_text(dir.path() / "data/recordings/it.mp4") == noise(600'000));
  CHECK(origin.requests("/cut/a.mp4") == 4);
  CHECK(origin.sent("/cut/a.mp4") == 600'000);
  CHECK_FALSE(fs::exists(dir.path() / "data/recordings/it.part"));
}

TEST_CASE("fetch: a server without ranges, HEAD or length") {
  const TempDir dir;
  write_text(dir.path() / "a.mp4", noise(300'000));
  OddOrigin origin{dir.path()};
  const auto [code, text] = fetch(dir, origin.url("/plain/a.mp4"));
  INFO(text);
  CHECK(code == 0);
  CHECK(text.find("size unknown") != std::string::npos);
  CHECK(read_text(dir.path() / "data/recordings/it.mp4") == noise(300'000));
}

TEST_CASE("fetch: killed in the middle, it goes on where it was") {
  const TempDir dir;
  write_text(dir.path() / "a.mp4", noise(1'200'000));
  OddOrigin origin{dir.path()};
  const auto media = dir.path() / "data/recordings/it.part/media";
  std::error_code none;
  {
    Process process{{fetch_args(dir, origin.url("/slow/a.mp4")), {}, dir.file("log"), {}, {}}};
    REQUIRE(wait_until(20s, [&] { return fs::exists(media) && fs::file_size(media, none) > 200'000; }));
    process.signal(SIGKILL);
    REQUIRE(process.wait(10s));
  }
  const auto kept = fs::file_size(media);
  REQUIRE(kept < 1'200'000);
  CHECK_FALSE(fs::exists(dir.path() / "data/recordings/it.mp4"));
  const auto [code, text] = fetch(dir, origin.url("/slow/a.mp4"));
  INFO(text);
  CHECK(code == 0);
  CHECK(origin.last_begin("/slow/a.mp4") == kept);
  CHECK(read_text(dir.path() / "data/recordings/it.mp4") == noise(1'200'000));
}

TEST_CASE("fetch: what is no recording is refused in words, and nothing is left behind as one") {
  struct Row {
    const char *path, *word;
  };
  const auto row =
      GENERATE(Row{"/page", "web page"}, Row{"/none.mp4", "404"}, Row{"/loop", "in circles"},
               Row{"/huge.mp4", "100000 GB are still needed"}, Row{"/live.m3u8", "live broadcast"});
  const TempDir dir;
  write_text(dir.path() / "live.m3u8", "#EXTM3U\n#EXTINF:6,\na.ts\n");
  OddOrigin origin{dir.path()};
  const auto [code, text] = fetch(dir, origin.url(row.path));
  INFO(text);
  CHECK(code == 1);
  CHECK(text.find(row.word) != std::string::npos);
  for (const auto& entry : fs::directory_iterator{dir.path() / "data/recordings"})
    CHECK(entry.path().extension() != ".mp4");
}

TEST_CASE("fetch: the month's megabytes are a limit") {
  const TempDir dir;
  write_text(dir.path() / "a.mp4", noise(1'500'000));
  OddOrigin origin{dir.path()};
  const auto [code, text] = fetch(dir, origin.url("/a.mp4"), "[uplink]\nmonthly_mb = 1\n");
  INFO(text);
  CHECK(code == 1);
  CHECK(text.find("monthly_mb") != std::string::npos);
  CHECK(origin.sent("/a.mp4") == 0);
}

TEST_CASE(
    "fetch: HLS with separate sound from nginx, queued over the API, becomes a recording that the hub "
    "plays") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx or ffmpeg is not installed");
  const std::string kind = GENERATE("fmp4", "mpegts");
  INFO(kind);
  Nginx nginx;
  auto args = input_args({.seconds = 8, .real_time = false});
  const auto codecs = h264_aac_args({});
  args.insert(args.end(), codecs.begin(), codecs.end());
  const auto root = nginx.root().string();
  args.insert(args.end(),
              {"-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-hls_segment_type", kind,
               "-master_pl_name", "video.m3u8", "-hls_fmp4_init_filename", "init_%v.mp4", "-var_stream_map",
               "v:0,agroup:a a:0,agroup:a,default:yes", root + "/track_%v.m3u8"});
  run_ffmpeg(args);
  Hub hub{{}, kAllowed};
  const auto answer =
      hub.post("/api/v1/host/recordings", {{"uri", nginx.http_url("/video.m3u8")}, {"title", "It"}});
  INFO(answer.body << hub.log());
  REQUIRE(answer.status == 201);
  REQUIRE(wait_until(40s, [&] { return fs::exists(folder_of(hub) / "it.mp4"); }));
  nginx.stop();
  Hub player{{{"it", (folder_of(hub) / "it.mp4").string(), "video"}}};
  CHECK(player.wait_for_state("it", "live"));
  CHECK_FALSE(player.channel("it").at("listen").is_null());
}
