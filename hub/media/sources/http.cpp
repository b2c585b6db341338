#include "hub/lib/gst/element.h"
#include "hub/media/source.h"
#include "hub/media/uri.h"

namespace hub::media {

Ref<GstElement> make_http_element(const SourceRequest& request) {
  const auto parts = split_credentials(request.uri);
  auto source = lib::gst::make_element("souphttpsrc");
  // Our own watch on the flow of media ends a silent server; this one only backs it up (s).
  const auto timeout_s = static_cast<guint>(request.timeout.count() / 1000 + 5);
  g_object_set(source.get(), "location", parts.uri.c_str(), "timeout", timeout_s, "iradio-mode", TRUE,
               "retries", 0, "user-agent", "viewing-hub/0.1 ", nullptr);
  if (!parts.user.empty())
    g_object_set(source.get(), "user-id", parts.user.c_str(), "user-pw", parts.password.c_str(), nullptr);
  return source;
}

/// Progressive HTTP: recordings, and endless Icecast streams with their titles (icydemux). What the server
/// sends is looked at first: a list, an HLS playlist or a web page often hides behind an innocent address.
SourceParts create_http(const SourceRequest& request) {
  SourceParts parts;
  parts.typefind = lib::gst::make_element("typefind");
  parts.chain = {make_http_element(request), parts.typefind, lib::gst::make_element("parsebin")};
  return parts;
}

}  // namespace hub::media
