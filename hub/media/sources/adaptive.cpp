#include "hub/lib/gst/element.h"
#include "hub/lib/gst/signal.h"
#include "hub/media/source.h"

#include <string_view>

namespace hub::media {
namespace {

/// The demuxer reads ahead by 30 s on its own: media that is paid for and thrown away when the last viewer
/// leaves.
constexpr guint64 kMaxBuffering = 10 * GST_SECOND;
/// For a channel that only wants sound and a presentation that has no rendition without pictures: the
/// cheapest variant. It is what a variant of radio quality has at least.
constexpr guint kAudioOnlyBps = 64'000;

struct Setup {
  stream::Job::Kind kind;
};

void configure(GstBin*, GstBin*, GstElement* element, gpointer data) noexcept {
  const auto* setup = static_cast<const Setup*>(data);
  GstElementFactory* factory = gst_element_get_factory(element);
  const std::string_view name = factory ? GST_OBJECT_NAME(factory) : "";
  if (name != "hlsdemux2" && name != "dashdemux2") return;
  g_object_set(element, "max-buffering-time", kMaxBuffering, nullptr);
  if (setup->kind == stream::Job::Kind::Audio)
    g_object_set(element, "start-bitrate", kAudioOnlyBps, "max-bitrate", kAudioOnlyBps, nullptr);
}

}  // namespace

/// HLS (RFC 8216) and DASH. hlsdemux2 and dashdemux2 work only inside a streams-aware bin, which
/// urisourcebin is.
SourceParts create_adaptive(const SourceRequest& request) {
  auto source = lib::gst::make_element("urisourcebin");
  g_object_set(source.get(), "uri", request.uri.c_str(), "parse-streams", TRUE, "use-buffering", FALSE,
               nullptr);
  // The setting lives as long as the element: the connection is owned by it, not by us.
  g_signal_connect_data(
      source.get(), "deep-element-added", G_CALLBACK(configure), new Setup{request.kind},
      [](gpointer owned, GClosure*) { delete static_cast<Setup*>(owned); }, GConnectFlags{});
  SourceParts parts;
  parts.chain = {std::move(source)};
  parts.pulls_inside = true;
  parts.read_ahead = std::chrono::seconds{2};  // the rest stays with the demuxer
  return parts;
}

}  // namespace hub::media
