#pragma once
#include "hub/base/json.h"

namespace hub::media {

/// Settles how GStreamer finds its plugins; call before gst_init.
/// @param probing  scan in a child process and write the registry; otherwise, if there is a registry, read it
/// only: no scan, no child, no write. GST_REGISTRY names it, or GStreamer's default place.
void prepare_registry(bool probing);

/// What this machine lacks. After gst_init.
/// {"complete":bool,"version":"1.22.0","missing":[{"element":"x264enc","package":"gstreamer1.0-plugins-ugly",
/// "for":"…"}]}
[[nodiscard]] base::Json probe_elements();

}  // namespace hub::media
