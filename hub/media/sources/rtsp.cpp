#include "hub/lib/gst/element.h"
#include "hub/lib/gst/signal.h"
#include "hub/media/source.h"
#include "hub/media/uri.h"

#include <string_view>

namespace hub::media {
namespace {

struct Wanted {
  stream::Job::Kind kind;
};

/// Asks the server only for what the channel needs: a channel without pictures does not pull them.
gboolean select_stream(GstElement*, guint, GstCaps* caps, gpointer data) noexcept {
  const auto* wanted = static_cast<const Wanted*>(data);
  const char* media = gst_structure_get_string(gst_caps_get_structure(caps, 0), "media");
  const std::string_view name = media ? media : "";
  if (name == "audio") return TRUE;
  return name == "video" && wanted->kind != stream::Job::Kind::Audio;
}

}  // namespace

/// RTSP. Media comes inside the TCP connection, which passes every router; `rtspu://` asks for UDP.
SourceParts create_rtsp(const SourceRequest& request) {
  const auto bare = split_credentials(request.uri);
  auto source = lib::gst::make_element("rtspsrc");
  // rtspsrc's own default would hide 2 s of delay.
  const auto latency_ms = static_cast<guint>(request.buffer.count());
  const auto timeout_us = static_cast<guint64>(request.timeout.count()) * 1000 + 5'000'000;
  g_object_set(source.get(), "location", bare.uri.c_str(), "latency", latency_ms, "tcp-timeout", timeout_us,
               nullptr);
  if (scheme_of(request.uri).starts_with("rtspu") || scheme_of(request.uri).starts_with("rtspsu"))
    lib::gst::set_if_known(source.get(), "protocols", "udp+udp-mcast");
  else
    lib::gst::set_if_known(source.get(), "protocols", "tcp");
  // Times as the sender wrote them. The other modes follow the jitter of arrival: 100 ms between sound and
  // picture were measured in the first seconds.
  lib::gst::set_if_known(source.get(), "buffer-mode", "none");
  // Sender reports tie sound to picture. A sender whose media began late (ffmpeg) reports times over a second
  // ahead of it, which are right all the same; rtpbin would not believe them.
  lib::gst::set_if_known(source.get(), "max-rtcp-rtp-time-diff", "10000");
  if (!bare.user.empty())
    g_object_set(source.get(), "user-id", bare.user.c_str(), "user-pw", bare.password.c_str(), nullptr);
  // Owned by the element, as in adaptive.cpp.
  g_signal_connect_data(
      source.get(), "select-stream", G_CALLBACK(select_stream), new Wanted{request.kind},
      [](gpointer owned, GClosure*) { delete static_cast<Wanted*>(owned); }, GConnectFlags{});
  SourceParts parts;
  parts.chain = {std::move(source)};
  parts.pulls_inside = true;
  parts.read_ahead = kTakeAll;
  return parts;
}

}  // namespace hub::media
