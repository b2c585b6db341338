#include "hub/lib/gst/element.h"
#include "hub/media/source.h"

namespace hub::media {

/// RTMP play. A publisher that goes away looks like the end of the stream.
SourceParts create_rtmp(const SourceRequest& request) {
  auto source = lib::gst::make_element("rtmp2src");
  const auto timeout_s = static_cast<guint>(request.timeout.count() / 1000 + 5);
  g_object_set(source.get(), "location", request.uri.c_str(), "timeout", timeout_s, nullptr);
  SourceParts parts;
  parts.chain = {std::move(source), lib::gst::make_element("parsebin")};
  parts.hold = request.buffer;
  parts.read_ahead = kTakeAll;
  return parts;
}

}  // namespace hub::media
