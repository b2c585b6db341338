#include "hub/channels/track_choice.h"

namespace hub::channels {

using base::Errc;
using base::Failure;
using Kind = stream::Job::Kind;

base::Result<TrackSet> choose_tracks(stream::Job::Kind kind, const std::optional<TrackSet>& fixed,
                                     const stream::Track* video, const stream::Track* audio) {
  if (fixed) {
    if (fixed->video && !video)
      return Failure{
          Errc::Unsupported,
          "the source no longer has video, and the channel began with it; stop and start the channel "
          "to go on with the sound alone"};
    if (fixed->audio && !audio)
      return Failure{
          Errc::Unsupported,
          "the source no longer has sound, and the channel began with it; stop and start the channel "
          "to go on with the picture alone"};
    return *fixed;
  }
  if (kind == Kind::Video && !video)
    return Failure{
        Errc::Unsupported,
        "the source has no video that can be relayed; set kind = \"auto\" or \"audio\" for this channel"};
  if (kind == Kind::Audio && !audio)
    return Failure{Errc::Unsupported, "the source has no sound that can be relayed, and kind is \"audio\""};
  if (!video && !audio)
    return Failure{Errc::Unsupported, "the source has neither picture nor sound that can be relayed"};
  return TrackSet{video && kind != Kind::Audio, audio != nullptr};
}

}  // namespace hub::channels
