#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hub::web {

/// Deadlines and sizes of connections: DESIGN, section 10. Not in the config; tests shorten them.
struct Limits {
  using Ms = std::chrono::milliseconds;
  Ms header{10'000};       ///< from accept, or from the first byte of a later request, to the end of its head
  Ms body{20'000};         ///< from there to the end of the request's body
  Ms idle{30'000};         ///< between two requests
  Ms write_stall{10'000};  ///< something is queued and the peer takes none of it
  Ms linger{2'000};        ///< reads on after a refusal, so that a reset does not overtake the answer
  Ms starting{5'000};      ///< how long a channel that starts holds a playlist or an audio listener
  Ms ping{20'000};         ///< WebSocket; whole seconds
  Ms pong{10'000};         ///< a pong may be missing for this long
  Ms frames{1'000};        ///< at most one channels frame in this time
  Ms sweep{250};           ///< how often the deadlines are looked at
  Ms media_report{10'000};  ///< media requests of a device are reported to main at most this often
  std::uint32_t max_connections = 4000;
  std::uint32_t max_connections_per_address = 2000;
  std::uint32_t max_websockets = 3000;   ///< leaves a quarter of the connections for media
  std::size_t max_frame_bytes = 4096;    ///< WebSocket, from the page
  int audio_send_buffer_bytes = 65'536;  ///< SO_SNDBUF of an audio listener: a few seconds, not a minute
};

}  // namespace hub::web
