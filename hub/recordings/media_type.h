#pragma once
#include "hub/recordings/trouble.h"

#include <string>
#include <string_view>

namespace hub::recordings {

/// What a server sends when it is asked for a recording.
struct MediaType {
  bool playlist = false;  ///< HLS
  std::string extension;  ///< ".mp4"; empty for a playlist
};

/// Looks at the first bytes, which do not lie, then at what the server says. Trouble for a web page, a text,
/// a picture, or bytes that are no media that the hub knows.
/// @param content_type  header, may be empty. @param first  at least the first 16 bytes of the body, or all
/// of it
[[nodiscard]] Outcome<MediaType> media_type(std::string_view content_type, std::string_view path,
                                            std::string_view first);

}  // namespace hub::recordings
