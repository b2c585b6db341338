#include "hub/packager/audio_stream.h"

#include "hub/packager/codec_config.h"

#include <deque>
#include <optional>
#include <utility>

namespace hub::packager {
namespace {

using base::Nanos;

constexpr Nanos kChunk = std::chrono::milliseconds{200};
constexpr Nanos kWindow = std::chrono::seconds{6};
constexpr Nanos kBurst = std::chrono::seconds{2};
constexpr std::size_t kAdtsHeaderBytes = 7;
constexpr std::size_t kMaxAdtsFrameBytes = 8191;  // 13 bits
constexpr std::size_t kMaxMp3FrameBytes = 4096;   // 320 kbit/s at 8 kHz would be 2880

/// What a listener's decoder was set up for.
struct Format {
  stream::Codec codec = stream::Codec::Mp3;
  std::uint32_t rate_hz = 0;
  std::uint8_t channels = 0;
  std::uint8_t rate_index = 0;  // AAC
  friend bool operator==(const Format&, const Format&) = default;
};

std::optional<Format> format_of(const stream::Track& track) {
  if (track.codec == stream::Codec::Mp3) {
    if (track.rate_hz < 8000 || track.rate_hz > 48'000) return std::nullopt;
    return Format{track.codec, track.rate_hz, track.channels, 0};
  }
  if (track.codec != stream::Codec::Aac) return std::nullopt;
  const auto config = parse_aac_config(track.config);
  // ADTS has no room for other frame lengths, for a rate that is not in the table, or for channels that the
  // stream describes itself.
  const bool fits = config && config->object_type == 2 && config->rate_index < 13 &&
                    config->frame_samples == 1024 && config->channels >= 1 && config->channels <= 7;
  if (!fits) return std::nullopt;
  return Format{track.codec, config->core_rate_hz, config->channels, config->rate_index};
}

Nanos frame_duration(const Format& format) {
  // MPEG-1 has 1152 samples a frame, MPEG-2 and 2.5 (below 32 kHz) half of that.
  const std::int64_t samples = format.codec == stream::Codec::Aac ? 1024
                               : format.rate_hz >= 32'000         ? 1152
                                                                  : 576;
  return Nanos{samples * 1'000'000'000 / format.rate_hz};
}

/// ISO/IEC 13818-7, 6.2: MPEG-4, no CRC, variable rate, one raw data block.
void put_adts(base::Bytes& out, const Format& format, std::size_t frame_bytes) {
  const auto length = static_cast<std::uint32_t>(frame_bytes + kAdtsHeaderBytes);
  constexpr std::uint32_t kProfileLc = 1;
  const std::uint32_t channels = format.channels;
  const auto put = [&](std::uint32_t value) { out.push_back(static_cast<std::uint8_t>(value & 0xFFU)); };
  put(0xFF);
  put(0xF1);
  put((kProfileLc << 6U) | (std::uint32_t{format.rate_index} << 2U) | (channels >> 2U));
  put((channels << 6U) | (length >> 11U));
  put(length >> 3U);
  put((length << 5U) | 0x1FU);
  put(0xFC);
}

bool is_mp3_frame(const base::Bytes& bytes) {
  return bytes.size() >= 4 && bytes.size() <= kMaxMp3FrameBytes && bytes[0] == 0xFF &&
         (bytes[1] & 0xE0U) == 0xE0U;
}

}  // namespace

struct AudioStream::Impl {
  std::shared_ptr<AudioPublication> publication;
  std::optional<Format> profile;      // of the first run, for life
  std::optional<std::uint8_t> input;  // track of the units to come; nothing: silent
  base::Bytes chunk;
  Nanos chunk_duration{0};
  std::uint64_t first = 0;  // number of chunks.front()
  std::deque<base::Blob> chunks;
  std::deque<Nanos> durations;
  Nanos held{0};
  std::string title;

  void push(const stream::Unit& unit);
  void publish();
};

void AudioStream::Impl::push(const stream::Unit& unit) {
  if (!input || unit.track != *input || !unit.payload || unit.payload->empty()) return;
  if (profile->codec == stream::Codec::Aac) {
    if (unit.payload->size() + kAdtsHeaderBytes > kMaxAdtsFrameBytes) return;
    put_adts(chunk, *profile, unit.payload->size());
  } else if (!is_mp3_frame(*unit.payload)) {
    return;
  }
  chunk.insert(chunk.end(), unit.payload->begin(), unit.payload->end());
  chunk_duration += frame_duration(*profile);
  if (chunk_duration >= kChunk) publish();
}

void AudioStream::Impl::publish() {
  chunks.push_back(base::make_blob(std::exchange(chunk, {})));
  durations.push_back(chunk_duration);
  held += std::exchange(chunk_duration, Nanos{0});
  while (held - durations.front() >= kWindow) {
    held -= durations.front();
    durations.pop_front();
    chunks.pop_front();
    ++first;
  }
  auto window = std::make_shared<AudioWindow>();
  window->first = first;
  window->chunks = chunks;
  window->title = title;
  Nanos burst{0};
  for (auto duration = durations.rbegin(); duration != durations.rend() && burst < kBurst; ++duration) {
    burst += *duration;
    ++window->burst_chunks;
  }
  publication->publish(std::move(window));
}

AudioStream::AudioStream(std::shared_ptr<AudioPublication> publication) : impl_{std::make_unique<Impl>()} {
  // Listeners hold a number across a restart of the channel: it goes on from there.
  if (const auto before = publication->current()) impl_->first = before->end();
  impl_->publication = std::move(publication);
}

AudioStream::~AudioStream() = default;

void AudioStream::begin(const stream::Track& track) {
  impl_->input.reset();
  const auto format = format_of(track);
  if (!format) return;
  if (!impl_->profile) impl_->profile = format;
  // A browser ends the element when rate or channels change: silence can be recovered from, that cannot.
  if (*impl_->profile == *format) impl_->input = track.id;
}

void AudioStream::push(const stream::Unit& unit) {
  impl_->push(unit);
}

void AudioStream::set_title(std::string title) {
  impl_->title = std::move(title);
}

}  // namespace hub::packager
