#include "tests/support/flash_beep.h"

#include "tests/support/process.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

namespace hub::test {
namespace {

/// Reads the lines "frame:… pts_time:T" / "key=value" that the metadata filters print, and gives the times at
/// which the value climbs over @p threshold.
std::vector<double> rising_edges(const std::string& text, const std::string& key, double threshold) {
  std::vector<double> edges;
  std::istringstream lines{text};
  std::string line;
  double time = 0;
  bool high = true;  // a stream that begins inside a flash does not show where the flash began
  while (std::getline(lines, line)) {
    if (const auto at = line.find("pts_time:"); at != std::string::npos)
      time = std::stod(line.substr(at + 9));
    if (line.rfind(key + "=", 0) != 0) continue;
    const std::string value = line.substr(key.size() + 1);
    const bool now = value != "-inf" && std::stod(value) > threshold;
    if (now && !high) edges.push_back(time);
    high = now;
  }
  return edges;
}

}  // namespace

std::optional<double> FlashBeep::worst_offset_s() const {
  if (flashes_s.size() < 2 || beeps_s.empty()) return std::nullopt;
  double worst = 0;
  bool any = false;
  for (const double flash : flashes_s) {
    if (flash < beeps_s.front() - 0.5 || flash > beeps_s.back() + 0.5) continue;  // its beep was not decoded
    double nearest = 1e9;
    for (const double beep : beeps_s) nearest = std::min(nearest, std::abs(flash - beep));
    worst = std::max(worst, nearest);
    any = true;
  }
  if (!any) return std::nullopt;
  return worst;
}

FlashBeep measure_flash_beep(const std::string& input, double seconds) {
  const TempDir dir;
  const std::string video = dir.file("video.txt");
  const std::string audio = dir.file("audio.txt");
  Process::Options options;
  options.argv = {
      "ffmpeg",
      "-v",
      "error",
      "-nostdin",
      "-copyts",
      "-t",
      fmt::format("{}", seconds),
      "-i",
      input,
      "-map",
      "0:v:0",
      "-vf",
      "scale=16:16,format=gray,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=" + video,
      "-map",
      "0:a:0",
      "-af",
      "aresample=48000,asetnsamples=240:p=0,astats=metadata=1:reset=1,"
      "ametadata=print:key=lavfi.astats.Overall.RMS_level:file=" +
          audio,
      "-f",
      "null",
      "-"};
  options.log = dir.path() / "log";
  Process ffmpeg{options};
  ffmpeg.wait(std::chrono::milliseconds{static_cast<long>(seconds * 1000) + 30'000});
  FlashBeep found;
  found.flashes_s = rising_edges(read_text(video), "lavfi.signalstats.YAVG", 180);
  found.beeps_s = rising_edges(read_text(audio), "lavfi.astats.Overall.RMS_level", -35);
  if (found.flashes_s.empty() && found.beeps_s.empty()) found.trouble = ffmpeg.output();
  return found;
}

}  // namespace hub::test
