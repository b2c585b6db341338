#pragma once
#include "hub/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hub::web {

/// Puts ICY metadata between audio bytes, as SHOUTcast and Icecast do: after each `interval` bytes of audio
/// one length byte (in units of 16 bytes), then StreamTitle padded with NULs. A title is sent at the first
/// interval and when it changes; else the length is 0.
class IcyInterleaver {
 public:
  static constexpr std::size_t kInterval = 16'000;  ///< icy-metaint; what Icecast uses
  /// The next bytes for this listener. @p title is what is on air as of these bytes; UTF-8.
  [[nodiscard]] base::Bytes weave(std::span<const std::uint8_t> audio, std::string_view title);

 private:
  std::size_t until_metadata_ = kInterval;
  std::string sent_title_;
  bool sent_any_ = false;
};

/// "StreamTitle='…';" in whole blocks of 16 bytes after its length byte. The format has no escape: an
/// apostrophe becomes U+2019, control characters become spaces, and what does not fit is cut between
/// characters.
[[nodiscard]] base::Bytes icy_metadata(std::string_view title);

/// Text that may stand in a header: control characters become spaces.
[[nodiscard]] std::string header_safe(std::string_view text);

/// Bit rate in kbit/s that the first frame header of an MP3 chunk names (ISO/IEC 11172-3, 2.4.1.3 and
/// 13818-3); 0 if it is none.
[[nodiscard]] int mp3_kbps(std::span<const std::uint8_t> chunk);

}  // namespace hub::web
