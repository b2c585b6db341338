#pragma once
#include "hub/base/clock.h"
#include "hub/media/source.h"

#include <string>

/// What the sources share that make their own pictures and sound.
namespace hub::media {

/// Pixels, both even.
struct PictureSize {
  int width = 640, height = 360;
};
/// "640x360", 64 to 1920 each. @throws base::Error{Invalid}
[[nodiscard]] PictureSize parse_size(const std::string& text);

/// A bin of what @p description says, in the words of gst-launch. @throws base::Error{Unsupported}
[[nodiscard]] Ref<GstElement> build_bin(const std::string& description);
/// Shows the src pad of @p element, if the bin has it, as @p pad_name. The ingest wants pads to be added.
/// @param advance  taken off the running time of the pad.
void expose(GstElement* bin, const char* element, const char* pad_name, base::Nanos advance);

/// avenc_aac stamps its first frame with the time of the first sample, but that frame decodes to the 1024
/// samples of the encoder's delay (measured; GStreamer 1.22 does not take them off).
[[nodiscard]] constexpr base::Nanos aac_delay(std::int64_t rate_hz) {
  return base::Nanos{1'000'000'000LL * 1024 / rate_hz};
}

}  // namespace hub::media
