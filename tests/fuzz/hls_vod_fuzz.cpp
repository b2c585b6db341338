#include "hub/lib/glib/uri.h"
#include "hub/recordings/hls_playlist.h"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub::recordings;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto parsed = parse_hls(text, "https://host.example/a/video.m3u8");
  if (!parsed) {
    if (parsed.trouble().en.empty() || parsed.trouble().fr.empty()) std::abort();
    return 0;
  }
  if (const auto* master = std::get_if<MasterPlaylist>(&*parsed)) {
    const auto choice = choose(*master, 360, 0);
    if (!hub::lib::glib::parse_web_address(choice.video.uri)) std::abort();
  } else {
    const auto& media = std::get<MediaPlaylist>(*parsed);
    if (media.segments.empty() || media.segments.size() > kMaxSegments) std::abort();
    for (const auto& segment : media.segments)
      if (!hub::lib::glib::parse_web_address(segment.uri)) std::abort();
  }
  return 0;
}
