#pragma once
#include "hub/base/error.h"
#include "hub/stream/job.h"
#include "hub/stream/track.h"

#include <optional>

namespace hub::channels {

/// What a channel has, for its life.
struct TrackSet {
  bool video = false, audio = false;
};

/// Which tracks of a source a channel takes. @param fixed  what it began with, if it has begun. @param video,
/// audio  of the source; null: it has none. Errc::Unsupported says what to do.
[[nodiscard]] base::Result<TrackSet> choose_tracks(stream::Job::Kind kind,
                                                   const std::optional<TrackSet>& fixed,
                                                   const stream::Track* video, const stream::Track* audio);

}  // namespace hub::channels
