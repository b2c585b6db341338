#pragma once
#include "hub/recordings/trouble.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// HLS playlists of recordings (RFC 8216): what is needed to fetch one, no more.
namespace hub::recordings {

/// Larger or longer is no recording of a meeting.
inline constexpr std::size_t kMaxPlaylistBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxSegments = 20'000;
inline constexpr std::size_t kMaxVariants = 100;

struct Segment {
  std::string uri;        ///< absolute
  double duration_s = 0;  ///< of an EXTINF; 0 for an init section
  struct Range {
    std::uint64_t offset = 0, length = 0;
  };
  std::optional<Range> range;  ///< EXT-X-BYTERANGE
};

struct MediaPlaylist {
  std::optional<Segment> init;  ///< EXT-X-MAP; without one the segments are MPEG-TS or packed audio
  std::vector<Segment> segments;
  double duration_s = 0;
};

struct Variant {
  std::string uri;           ///< absolute
  std::uint64_t bps = 0;     ///< AVERAGE-BANDWIDTH, else BANDWIDTH
  std::uint32_t height = 0;  ///< of RESOLUTION; 0: not said
  std::string audio_group;
  bool audio_only = false;  ///< CODECS names sound alone
};
struct AudioRendition {
  std::string uri;  ///< absolute; empty: the sound is inside the variants
  std::string group;
  bool is_default = false;
};
struct MasterPlaylist {
  std::vector<Variant> variants;
  std::vector<AudioRendition> audio;
};

using Playlist = std::variant<MasterPlaylist, MediaPlaylist>;

/// @param text  what the server sent, untrusted. @param base  address that it came from.
/// @return Trouble if it is no playlist, is over the limits, is encrypted, is live (no EXT-X-ENDLIST), or
/// names an address that is not http(s).
[[nodiscard]] Outcome<Playlist> parse_hls(std::string_view text, std::string_view base);

/// What a fetch takes of a master playlist: pictures and, if they are apart, the sound.
struct Choice {
  Variant video;
  std::optional<AudioRendition> audio;
};
/// The best variant of at most @p max_height lines and @p max_kbps (0: no limit); the smallest if all are
/// larger. Precondition: there is a variant.
[[nodiscard]] Choice choose(const MasterPlaylist& master, std::uint32_t max_height, std::uint32_t max_kbps);

}  // namespace hub::recordings
