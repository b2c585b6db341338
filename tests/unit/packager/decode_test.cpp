#include "hub/base/json.h"
#include "tests/support/catch.h"
#include "tests/unit/packager/bench.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

// Real H.264 with B-frames and AAC, made by ffmpeg, through the packager, and what ffprobe makes of the
// files.

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

class TempDir {
 public:
  TempDir() {
    auto name = (std::filesystem::temp_directory_path() / "packager-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
    path_ = name;
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Standard output and error of a command.
std::string run(const std::string& command) {
  auto* const pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  char buffer[65536];
  for (std::size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, got);
  pclose(pipe);
  return out;
}

/// The bytes of ffprobe's hex dump: an offset, groups of hex digits, two spaces, the text.
base::Bytes from_dump(const std::string& dump) {
  base::Bytes out;
  std::size_t at = 0;
  while (at < dump.size()) {
    auto line = dump.substr(at, dump.find('\n', at) - at);
    at += line.size() + 1;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    line = line.substr(colon + 2, 39);
    std::erase(line, ' ');
    for (std::size_t i = 0; i + 1 < line.size(); i += 2)
      out.push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
  }
  return out;
}

base::Nanos nanos(const base::Json& packet, const char* key) {
  return std::chrono::round<base::Nanos>(
      std::chrono::duration<double>(std::stod(packet.at(key).get<std::string>())));
}

struct Movie {
  std::vector<stream::Track> tracks{video_track(), audio_track()};
  std::vector<stream::Unit> units;
};

/// 9 s of pattern and tone; the sound is moved by @p delay.
Movie make_movie(const std::string& file, base::Nanos delay) {
  const auto made =
      run(fmt::format("ffmpeg -v error -y -f lavfi -i testsrc2=size=320x180:rate=25:duration=9 -f lavfi -i "
                      "sine=frequency=440:sample_rate=48000:duration=9 -c:v libx264 -preset ultrafast -bf 2 "
                      "-g 50 -c:a aac -ac 2 '{}'",
                      file));
  Movie movie;
  if (!made.empty()) {
    UNSCOPED_INFO(made);
    return movie;
  }
  const auto json = base::parse_json(
      run(fmt::format("ffprobe -v error -show_streams -show_packets -show_data -of json '{}'", file)));
  REQUIRE(json.has_value());
  for (const auto& stream : json->at("streams"))
    movie.tracks[stream.at("codec_type") == "video" ? 0 : 1].config = from_dump(stream.at("extradata"));
  for (const auto& packet : json->at("packets")) {
    const bool video = packet.at("codec_type") == "video";
    // The encoder's priming has a negative time, which no worker sends.
    const auto shift = video ? 0ns : delay;
    const auto pts = nanos(packet, "pts_time") + shift;
    if (pts < 0s) continue;
    movie.units.push_back({static_cast<std::uint8_t>(video ? 0 : 1),
                           packet.at("flags").get<std::string>()[0] == 'K', pts,
                           nanos(packet, "dts_time") + shift, nanos(packet, "duration_time"),
                           base::make_blob(from_dump(packet.at("data")))});
  }
  std::stable_sort(movie.units.begin(), movie.units.end(),
                   [](const auto& a, const auto& b) { return a.dts < b.dts; });
  return movie;
}

void save(const std::string& file, const PackagerBench& bench, std::uint64_t run, const std::string& name) {
  std::ofstream out{file, std::ios::binary};
  const auto put = [&](const std::string& uri) {
    const auto answer = bench.get(uri);
    REQUIRE(answer.status == packager::HlsAnswer::Status::Ready);
    out.write(reinterpret_cast<const char*>(answer.body->data()),
              static_cast<std::streamsize>(answer.body->size()));
  };
  put(fmt::format("{}-k3-init{}.mp4", name, run));
  const auto& playlist = (name == "main" ? bench.main : bench.audio).check.newest();
  for (const auto& segment : playlist.segments)
    if (segment.discontinuity == run) put(segment.uri);
}

struct Probe {
  double video_start = -1, audio_start = -1;
  int video_frames = 0, audio_frames = 0;
};

Probe probe(const std::string& file) {
  const auto json =
      base::parse_json(run(fmt::format("ffprobe -v error -count_frames -show_streams -of json '{}'", file)));
  REQUIRE(json.has_value());
  Probe out;
  for (const auto& stream : json->at("streams")) {
    const bool video = stream.at("codec_type") == "video";
    (video ? out.video_start : out.audio_start) = std::stod(stream.at("start_time").get<std::string>());
    (video ? out.video_frames : out.audio_frames) = std::stoi(stream.at("nb_read_frames").get<std::string>());
  }
  return out;
}

}  // namespace

TEST_CASE("ffprobe decodes what the packager made, and finds the offset between the tracks") {
  if (std::system("ffmpeg -v quiet -version >/dev/null 2>&1 && ffprobe -v quiet -version >/dev/null 2>&1") !=
      0)
    HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  const auto delay = GENERATE(0ms, 500ms);
  const auto movie = make_movie(dir / "source.mp4", delay);
  REQUIRE_FALSE(movie.units.empty());
  REQUIRE(std::any_of(movie.units.begin(), movie.units.end(),
                      [](const auto& u) { return u.pts > u.dts + 40ms; }));

  const auto first = [&](std::uint8_t track) {
    base::Nanos least = base::Nanos::max();
    for (const auto& unit : movie.units)
      if (unit.track == track) least = std::min(least, unit.pts);
    return least;
  };
  const double expected = std::chrono::duration<double>(first(1) - first(0)).count();
  REQUIRE(std::abs(expected - std::chrono::duration<double>(delay).count()) < 0.022);

  PackagerBench bench{bench_settings()};
  bench.begin(movie.tracks);
  bench.push(movie.units);
  bench.end();
  bench.begin(movie.tracks);
  for (auto unit : movie.units) {
    unit.dts += 20s;
    unit.pts += 20s;
    bench.push(unit);
  }
  bench.end();
  CHECK(bench.violations().empty());

  for (const std::uint64_t number : {7U, 8U}) {
    save(dir / "main.mp4", bench, number, "main");
    CHECK(run(fmt::format("ffmpeg -v warning -i '{}' -f null -", dir / "main.mp4")).empty());
    const auto got = probe(dir / "main.mp4");
    CHECK(got.video_frames == 225);
    CHECK(got.audio_frames > 380);
    CHECK(std::abs(got.audio_start - got.video_start - expected) < 0.0005);
    save(dir / "audio.mp4", bench, number, "audio");
    CHECK(run(fmt::format("ffmpeg -v warning -i '{}' -f null -", dir / "audio.mp4")).empty());
    CHECK(std::abs(probe(dir / "audio.mp4").audio_start - got.audio_start) < 0.0005);
  }
}
