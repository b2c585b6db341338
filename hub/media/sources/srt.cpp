#include "hub/lib/gst/element.h"
#include "hub/media/source.h"

namespace hub::media {

/// SRT with MPEG-TS inside. Mode, stream id and passphrase come from the address, as in
/// `srt://host:port?streamid=…&passphrase=…`.
SourceParts create_srt(const SourceRequest& request) {
  auto source = lib::gst::make_element("srtsrc");
  const auto latency_ms = static_cast<gint>(request.buffer.count());
  g_object_set(source.get(), "uri", request.uri.c_str(), "latency", latency_ms, nullptr);
  // By default it would knock again for ever, even at a server that refuses the passphrase.
  lib::gst::set_if_known(source.get(), "auto-reconnect", "false");
  SourceParts parts;
  parts.chain = {std::move(source), lib::gst::make_element("parsebin")};
  parts.read_ahead = kTakeAll;
  return parts;
}

}  // namespace hub::media
