#include "tests/integration/hub/viewer.h"
#include "tests/support/catch.h"
#include "tests/support/flash_beep.h"
#include "tests/support/hub.h"
#include "tests/support/peers.h"
#include "tests/support/playlist_check.h"
#include "tests/support/rtsp_peer.h"

#include <iterator>
#include <set>
#include <sstream>

#include <fmt/format.h>

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

/// Follows one media playlist for @p reloads parts, as a player does: each request waits for the next part.
std::vector<std::string> follow(const Hub& hub, const std::string& path, bool other_rendition, int reloads) {
  PlaylistCheck check{{.report_expected = other_rendition}};
  auto text = hub.get(path).body;
  check.reload(text);
  for (int i = 0; i < reloads; ++i) {
    const auto& newest = check.newest();
    const auto parts = newest.open ? newest.open->parts.size() : 0;
    const auto msn = newest.media_sequence + newest.segments.size();
    const auto answer = hub.get(fmt::format("{}?_HLS_msn={}&_HLS_part={}", path, msn, parts));
    if (answer.status != 200) return {fmt::format("{} answered {}", path, answer.status)};
    check.reload(answer.body);
  }
  return check.violations();
}

/// The codecs that ffprobe finds at @p url.
std::set<std::string> probed_codecs(const std::string& url) {
  const TempDir dir;
  Process::Options options;
  options.argv = {"ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", url};
  options.log = dir.path() / "log";
  Process probe{options};
  probe.wait(30s);
  // Streams are listed for each program and once more by themselves.
  std::istringstream words{probe.output()};
  return {std::istream_iterator<std::string>{words}, {}};
}

}  // namespace

TEST_CASE("every kind of source: live, a valid playlist, decodable, in step, played by the page") {
  if (!Nginx::available() || !Icecast::available() || !has_program("ffmpeg") || !has_program("ffprobe"))
    HUB_SKIP("nginx with RTMP, icecast2 or ffmpeg is not installed");
  const Nginx nginx;
  const Icecast icecast;
  const TempDir dir;
  make_file(dir.file("talk.mp4"), {.seconds = 40, .real_time = false});
  const auto hls = publish_hls(nginx);
  const auto rtmp = publish({}, "flv", nginx.rtmp_url("room"));
  const int srt_port = free_port();
  const auto srt = publish({}, "mpegts", fmt::format("srt://127.0.0.1:{}?mode=listener", srt_port));
  const int udp_port = free_port();
  const auto udp = publish({}, "mpegts", fmt::format("udp://127.0.0.1:{}?pkt_size=1316", udp_port));
  const RtspPeer rtsp{{}};
  auto mp3_args = input_args({.video = false});
  mp3_args.insert(mp3_args.end(), {"-c:a", "libmp3lame", "-b:a", "64k", "-ar", "44100", "-content_type",
                                   "audio/mpeg", "-f", "mp3", icecast.publish_url("/room1.mp3")});
  const auto radio = start_ffmpeg(mp3_args);
  REQUIRE(wait_until(10s, [&] { return icecast.has_source("/room1.mp3"); }));
  icecast.set_title("/room1.mp3", "DNSOP");
  write_text(nginx.root() / "room1.m3u", icecast.url("/room1.mp3") + "\r\n");

  const Hub hub{{{"file", dir.file("talk.mp4")},
                 {"hls", nginx.http_url("/live.m3u8")},
                 {"rtmp", nginx.rtmp_url("room")},
                 {"srt", fmt::format("srt://127.0.0.1:{}", srt_port)},
                 {"udp", fmt::format("udp://127.0.0.1:{}", udp_port)},
                 {"rtsp", rtsp.url()},
                 {"icecast", nginx.http_url("/room1.m3u")}}};

  for (const std::string id : {"file", "hls", "rtmp", "srt", "udp", "rtsp", "icecast"}) {
    const bool video = id != "icecast";
    INFO("source kind: " << id);
    REQUIRE(hub.wait_for_state(id, "live", 40s));
    const auto entry = hub.channel(id);
    CHECK(entry.at("kind") == (video ? "video" : "audio"));

    CHECK(check_master(hub.get("/hls/" + id + "/master.m3u8").body) == std::vector<std::string>{});
    CHECK(follow(hub, "/hls/" + id + "/main.m3u8", video, 12) == std::vector<std::string>{});
    CHECK(follow(hub, "/hls/" + id + "/audio.m3u8", video, 3) == std::vector<std::string>{});
    CHECK(probed_codecs(hub.url("/hls/" + id + "/main.m3u8")) ==
          (video ? std::set<std::string>{"h264", "aac"} : std::set<std::string>{"aac"}));

    if (video) {
      const auto seen = measure_flash_beep(hub.url("/hls/" + id + "/main.m3u8"), 5);
      INFO(seen.trouble);
      const auto offset = seen.worst_offset_s();
      REQUIRE(offset.has_value());
      CHECK(*offset < 0.020);
    }

    if (Viewer::available()) {
      const auto watched = Viewer::watch(hub, id, video ? "video" : "audio", 5);
      INFO(watched.dump());
      REQUIRE(watched.contains("played_s"));
      CHECK(watched.at("played_s") > 4.0);
      CHECK(watched.at("stalls") == 0);
      CHECK(watched.at("faults").empty());
      if (video) CHECK(watched.at("width") == 320);
    }
  }
  CHECK(hub.channel("icecast").at("on_air") == "DNSOP");
}
