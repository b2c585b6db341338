#pragma once
#include "hub/base/clock.h"
#include "hub/lib/gst/ref.h"
#include "hub/media/codec.h"

#include <vector>

namespace hub::media {

using lib::glib::Ref;

inline constexpr std::uint8_t kVideoTrack = 1, kAudioTrack = 2, kMp3Track = 3;

/// Where one track leaves the pipeline.
struct BranchEnd {
  std::uint8_t track = 0;
  Ref<GstElement> appsink;
  /// Taken off the times of its samples: the delay of an encoder that GStreamer does not take off.
  base::Nanos delay{0};
};

/// From one parsed elementary stream to appsinks with what the relay takes. Its elements are in the pipeline
/// and running when made, so that linking its entry is the last step. Its sinks have a locked state: whoever
/// ends the pipeline sets them to NULL first.
struct Branch {
  Ref<GstPad> entry;
  std::vector<BranchEnd> ends;
};

/// @param caps  of the stream; treatment_of(caps) is not None.
/// @param has_dts  whether the stream's first buffer carries a decoding time; H.264 without one gets it here.
/// @throws base::Error{Errc::Unsupported} if an element is missing.
[[nodiscard]] Branch make_branch(GstElement* pipeline, const GstCaps* caps, bool has_dts);
/// A branch that lets a stream run into nothing.
[[nodiscard]] Ref<GstPad> make_drain(GstElement* pipeline);

}  // namespace hub::media
