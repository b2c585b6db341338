#pragma once
#include "hub/base/error.h"
#include "hub/base/json.h"
#include "hub/stream/track.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hub::stream {

/// Hub → worker, first message on the socket: what to do. Keys are documented where they are read
/// (hub/media/job.h).
struct Start {
  base::Json job;
};
/// The tracks of what follows. Sent before the first unit and again when one of them changes; it replaces all
/// earlier tracks.
struct Tracks {
  std::vector<Track> tracks;
};
/// What is on air now, from ICY or container tags. UTF-8, control characters removed, at most 500 bytes.
struct Title {
  std::string text;
};
/// Worker → hub, about once a second.
struct Health {
  base::Nanos buffered{0};     ///< media received and not yet paced out
  std::uint64_t bytes_in = 0;  ///< pulled from the source so far
  bool transcoding_video = false, transcoding_audio = false;
};
/// Worker → hub, of a recording, once and before its first unit: unit time 0 is this far into it.
struct Position {
  base::Nanos media{0};
  base::Nanos length{0};  ///< of the whole recording; 0: it does not say
};
/// Worker → hub, last message: why it ends. A worker that goes without one crashed.
struct Bye {
  base::Failure why;  ///< Ended, Unreachable, Refused, NotFound, NotAuthorised, Unsupported, Stalled, …
};

using Message = std::variant<Start, Tracks, Unit, Title, Health, Bye, Position>;

}  // namespace hub::stream
