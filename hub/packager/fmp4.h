#pragma once
#include "hub/base/bytes.h"
#include "hub/base/clock.h"
#include "hub/stream/track.h"

#include <cstdint>
#include <span>

namespace hub::packager {

/// Added to every time of a channel on its way into a file, for both tracks alike: with B-frames the first
/// decode time lies before 0, and tfdt has no sign.
inline constexpr base::Nanos kTimeOrigin = std::chrono::seconds{10};

/// One track as the boxes need it; the configuration was validated.
struct Fmp4Track {
  std::uint32_t id = 1;
  stream::Kind kind = stream::Kind::Video;
  std::uint32_t timescale = 90'000;  ///< ticks per second: 90 kHz for video, the sample rate for audio
  base::Bytes config;                ///< avcC or AudioSpecificConfig
  std::uint16_t width_px = 0, height_px = 0;
  std::uint8_t channels = 0;
};

/// One access unit in channel time.
struct Sample {
  base::Nanos dts{0}, pts{0}, duration{0};
  bool key = false;
  base::Blob payload;
};

/// The samples of one track in one fragment, in decoding order. With none, @p decode_time says where the
/// track stands.
struct TrackRun {
  const Fmp4Track* track = nullptr;
  std::span<const Sample> samples;
  base::Nanos decode_time{0};
};

/// Channel time in ticks of @p timescale, rounded to the nearest: of the absolute time, so that no error adds
/// up. @param time  not before -kTimeOrigin.
[[nodiscard]] std::uint64_t to_ticks(base::Nanos time, std::uint32_t timescale);

/// ftyp and moov, with mvex. Source: ISO/IEC 14496-12; 14496-15, 5.4.2.1 (avc1); 14496-14, 5.6 (mp4a).
[[nodiscard]] base::Bytes make_init(std::span<const Fmp4Track> tracks);

/// moof and mdat, with one traf per run; offsets count from the moof (default-base-is-moof).
[[nodiscard]] base::Bytes make_fragment(std::uint32_t sequence, std::span<const TrackRun> runs);

}  // namespace hub::packager
