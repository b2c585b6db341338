#pragma once
#include "hub/base/bytes.h"
#include "hub/base/error.h"
#include "hub/stream/message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace hub::stream {

/// Frame: 8-byte header, then the payload. All integers big-endian.
///   0  u32  payload length, at most kMaxPayloadBytes
///   4  u8   version, 1
///   5  u8   type: 1 start, 2 tracks, 3 unit, 4 title, 5 health, 6 bye, 7 position
///   6  u16  reserved, 0
/// Payload of a unit: u8 track, u8 flags (bit 0 key), u16 reserved 0, i64 pts, i64 dts, i64 duration (ns),
/// bytes. Payload of all other types: a JSON object (byte strings in hex).
inline constexpr std::size_t kHeaderBytes = 8;
inline constexpr std::size_t kMaxPayloadBytes = 8U
                                                << 20U;  ///< an 8 MiB key frame is beyond any stream we relay
inline constexpr std::uint8_t kVersion = 1;

/// Appends the frame of @p message to @p out. A unit over the limit is a bug of the caller (asserted).
void append_frame(base::Bytes& out, const Message& message);

/// Cuts a byte stream into messages. Whatever comes in, it returns messages or one failure, and never holds
/// more than one frame plus what was fed last.
class Deframer {
 public:
  /// Appends received bytes.
  void feed(std::span<const std::uint8_t> bytes);
  /// The next whole message; nothing if more bytes are needed; Errc::Invalid if the stream is broken, and
  /// then for every later call too.
  [[nodiscard]] base::Result<std::optional<Message>> next();

 private:
  base::Bytes buffer_;
  std::size_t read_ = 0;
  std::optional<base::Failure> broken_;
};

}  // namespace hub::stream
