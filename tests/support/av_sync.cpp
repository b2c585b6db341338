#include "tests/support/av_sync.h"

#include "tests/support/peers.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hub::test {
namespace {

double seconds(base::Nanos time) {
  return std::chrono::duration<double>(time).count();
}

void append_nal(std::string& out, const std::uint8_t* data, std::size_t size) {
  out.append("\0\0\0\1", 4);
  out.append(reinterpret_cast<const char*>(data), size);
}

/// ISO/IEC 14496-15: sets of an avcC, then length-prefixed units, as one Annex B stream.
std::string annex_b(const stream::Track& track, const std::vector<stream::Unit>& units) {
  std::string out;
  const auto& c = track.config;
  const std::size_t length_size = (c.at(4) & 3U) + 1U;
  std::size_t at = 5;
  for (const unsigned mask : {0x1FU, 0xFFU})  // sequence sets, picture sets
    for (unsigned left = c.at(at++) & mask; left > 0; --left) {
      const std::size_t size = static_cast<std::size_t>(c.at(at)) << 8U | c.at(at + 1);
      append_nal(out, &c.at(at + 2), size);
      at += 2 + size;
    }
  for (const auto& unit : units) {
    const auto& payload = *unit.payload;
    for (std::size_t pos = 0; pos + length_size <= payload.size();) {
      std::size_t size = 0;
      for (std::size_t i = 0; i < length_size; ++i) size = size << 8U | payload[pos + i];
      pos += length_size;
      if (size > payload.size() - pos) break;
      append_nal(out, &payload[pos], size);
      pos += size;
    }
  }
  return out;
}

/// ISO/IEC 13818-7, 6.2: a fixed header without CRC before each frame.
std::string adts(const stream::Track& track, const std::vector<stream::Unit>& units) {
  std::string out;
  const unsigned rate_index = (track.config.at(0) & 7U) << 1U | track.config.at(1) >> 7U;
  const unsigned channels = track.config.at(1) >> 3U & 15U;
  for (const auto& unit : units) {
    const auto size = static_cast<unsigned>(unit.payload->size() + 7);
    for (const unsigned byte :
         {0xFFU, 0xF1U, 1U << 6U | rate_index << 2U | channels >> 2U, (channels & 3U) << 6U | size >> 11U,
          size >> 3U & 0xFFU, (size & 7U) << 5U | 0x1FU, 0xFCU})
      out += static_cast<char>(byte);
    out.append(unit.payload->begin(), unit.payload->end());
  }
  return out;
}

std::string decode(const std::string& encoded, const std::string& format, std::vector<std::string> output) {
  const TempDir dir;
  write_text(dir.path() / "in", encoded);
  std::vector<std::string> args{"-nostdin", "-v", "error", "-y", "-f", format, "-i", dir.file("in")};
  args.insert(args.end(), output.begin(), output.end());
  args.push_back(dir.file("out"));
  run_ffmpeg(args);
  return read_text(dir.path() / "out");
}

}  // namespace

std::vector<double> flash_times(const stream::Track& track, std::vector<stream::Unit> units) {
  // One grey value for each picture, in the order in which they are shown.
  const std::string grey =
      decode(annex_b(track, units), "h264",
             {"-vf", "scale=1:1:flags=area", "-vsync", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo"});
  std::sort(units.begin(), units.end(), [](const auto& a, const auto& b) { return a.pts < b.pts; });
  std::vector<double> out;
  bool lit = true;  // a recording that begins within a flash has not seen its beginning
  for (std::size_t i = 0; i < std::min(grey.size(), units.size()); ++i) {
    const bool white = static_cast<unsigned char>(grey[i]) > 200;
    if (white && !lit) out.push_back(seconds(units[i].pts));
    lit = white;
  }
  return out;
}

std::vector<double> beep_times(const stream::Track& track, const std::vector<stream::Unit>& units) {
  const std::string bytes = decode(adts(track, units), "aac", {"-ac", "1", "-f", "f32le"});
  std::vector<float> samples(bytes.size() / sizeof(float));
  std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(float));
  std::vector<double> out;
  const std::size_t quiet_samples = track.rate_hz / 5;
  std::size_t quiet = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::fabs(samples[i]) < 0.1F) {
      ++quiet;
      continue;
    }
    // Frame i/1024 of the decoder belongs to unit i/1024: ADTS knows no other time.
    if (quiet >= quiet_samples && i / 1024 < units.size())
      out.push_back(seconds(units[i / 1024].pts) + static_cast<double>(i % 1024) / track.rate_hz);
    quiet = 0;
  }
  return out;
}

std::vector<double> beep_delays(const std::vector<double>& flashes, const std::vector<double>& beeps) {
  std::vector<double> out;
  for (const double flash : flashes)
    for (const double beep : beeps)
      if (std::fabs(beep - flash) < 0.5) out.push_back(beep - flash);
  return out;
}

}  // namespace hub::test
