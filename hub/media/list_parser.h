#pragma once
#include "hub/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace hub::media {

/// A list of more than this many bytes is not a list.
inline constexpr std::size_t kMaxListBytes = 64U << 10U;

/// What a text that should be an `.m3u` or `.pls` list turned out to be.
struct ListEntry {
  /// Absolute address of the first entry, or the list's own address if it is an HLS playlist.
  std::string uri;
  bool hls = false;  ///< the text is an HLS playlist (RFC 8216, 4.3): play the list's own address
};

/// Reads the first entry of an `.m3u` (one address per line, lines with '#' are comments) or `.pls`
/// (`[playlist]`, `File1=…`) list. Untrusted: any bytes may come.
/// @param list_uri  where the list came from; relative entries are resolved against it.
/// @return Errc::Unsupported for a web page, Errc::Invalid for a list without an entry or with one that a
/// list from elsewhere may not name: only the network schemes of the source table, never `file:`.
[[nodiscard]] base::Result<ListEntry> parse_list(std::string_view text, const std::string& list_uri);

}  // namespace hub::media
