#pragma once
#include "hub/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hub::media {

/// Puts all tracks of @p inputs (MPEG-TS or fragmented MP4) into one MP4 file @p output with an index,
/// without decoding and with their distance in time. Blocks until it is on the disk. GStreamer is
/// initialised.
/// @return Unsupported if a track is of a codec that MP4 has not, Io for the disk, Stalled after 60 s without
/// progress.
[[nodiscard]] base::Status remux(const std::vector<std::filesystem::path>& inputs,
                                 const std::filesystem::path& output);

/// PTS of the first picture or sound in @p packets, 90 kHz; nothing if it is no MPEG-TS or has none.
/// Untrusted. Source: ISO/IEC 13818-1, 2.4.3.2 and 2.4.3.7.
[[nodiscard]] std::optional<std::uint64_t> first_pts(std::span<const unsigned char> packets);

}  // namespace hub::media
