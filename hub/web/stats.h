#pragma once
#include "hub/base/clock.h"

#include <atomic>
#include <cstdint>

namespace hub::web {

/// What the server counts. Every thread adds; /metrics reads. A value may be a few requests old.
struct Stats {
  using Count = std::atomic<std::uint64_t>;
  explicit Stats(const base::Clock& clock) : started{clock.mono()} {}

  const base::Mono started;
  Count accepted{0};            ///< connections handed to a web thread
  Count refused{0};             ///< newcomers past the limit with nobody to evict, and accept() failures
  Count evicted{0};             ///< half-open or idle connections that made room
  Count dropped_header{0};      ///< no request within the header deadline
  Count dropped_body{0};        ///< no whole body within the body deadline
  Count dropped_idle{0};        ///< keep-alive connections closed
  Count dropped_stalled{0};     ///< peers that stopped reading
  Count gone_while_waiting{0};  ///< clients that left before their answer was there
  Count connections{0};         ///< now
  Count websockets{0};          ///< now
  Count audio_listeners{0};     ///< now
  Count blocked{0};             ///< media requests that wait for a part, now
  Count requests_api{0}, requests_media{0}, requests_files{0}, requests_refused{0};
  Count timeouts_media{0};        ///< blocked requests that were answered 503
  Count audio_chunks_skipped{0};  ///< a slow listener jumped over them
  Count bytes_out{0};             ///< response bodies and WebSocket frames
};

}  // namespace hub::web
