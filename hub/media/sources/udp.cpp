#include "hub/base/error.h"
#include "hub/lib/gst/element.h"
#include "hub/media/source.h"
#include "hub/media/uri.h"

#include <fmt/format.h>

namespace hub::media {
namespace {

/// Room for a key frame's burst between two reads (bytes); the kernel's default loses packets at 4 Mbit/s.
constexpr int kSocketBuffer = 2 << 20;

/// udpsrc wants `udp://group:port`; people write `udp://@group:port`, as for VLC and ffmpeg, and leave the
/// host out for "any".
std::string receiving_address(const std::string& uri) {
  const auto start = uri.find("://");
  if (start == std::string::npos) return {};
  std::string rest = uri.substr(start + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.starts_with('@')) rest.erase(0, 1);
  const auto colon = rest.rfind(':');
  if (colon == std::string::npos || colon + 1 == rest.size()) return {};
  if (colon == 0) rest = "0.0.0.0" + rest;
  return "udp://" + rest;
}

}  // namespace

/// MPEG-TS over UDP (`udp://`) or RTP (`rtp://`, payload type 33), unicast or multicast.
SourceParts create_udp(const SourceRequest& request) {
  const std::string address = receiving_address(request.uri);
  if (address.empty())
    throw base::Error{
        base::Errc::Invalid,
        fmt::format("{} has no port: write udp://@:5004 or udp://@239.1.2.3:5004", redacted(request.uri))};
  auto source = lib::gst::make_element("udpsrc");
  g_object_set(source.get(), "uri", address.c_str(), "buffer-size", kSocketBuffer, nullptr);
  SourceParts parts;
  parts.read_ahead = kTakeAll;
  if (scheme_of(request.uri) == "rtp") {
    const auto caps =
        lib::gst::make_caps("application/x-rtp,media=video,clock-rate=90000,encoding-name=MP2T,payload=33");
    g_object_set(source.get(), "caps", caps.get(), nullptr);
    auto jitter = lib::gst::make_element("rtpjitterbuffer");
    g_object_set(jitter.get(), "latency", static_cast<guint>(request.buffer.count()), nullptr);
    parts.chain = {std::move(source), std::move(jitter), lib::gst::make_element("rtpmp2tdepay"),
                   lib::gst::make_element("parsebin")};
    return parts;
  }
  const auto caps = lib::gst::make_caps("video/mpegts,systemstream=true");
  g_object_set(source.get(), "caps", caps.get(), nullptr);
  parts.chain = {std::move(source), lib::gst::make_element("parsebin")};
  parts.hold = request.buffer;
  return parts;
}

}  // namespace hub::media
