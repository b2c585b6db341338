#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace hub::web {

/// One file of the attendee page or console, built from player/web and embedded in the program,
/// gzip-compressed.
struct Asset {
  std::string_view path;  ///< "/", "/app.js", "/hls.js", …
  std::string_view content_type;
  std::string_view etag;  ///< with quotes
  std::span<const std::uint8_t> gzip;
  bool immutable;  ///< the name holds a content hash: may be cached for a year
};

[[nodiscard]] std::span<const Asset> assets();

}  // namespace hub::web
