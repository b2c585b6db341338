#include "hub/media/source.h"

#include "hub/media/uri.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace hub::media {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 1> kDemo{"demo"};
constexpr std::array<std::string_view, 1> kSlate{"slate"};
constexpr std::array<std::string_view, 1> kFile{"file"};
constexpr std::array<std::string_view, 2> kHttp{"http", "https"};
constexpr std::array<std::string_view, 3> kHttpOrFile{"http", "https", "file"};
constexpr std::array<std::string_view, 3> kRtmp{"rtmp", "rtmps", "rtmpt"};
constexpr std::array<std::string_view, 6> kRtsp{"rtsp", "rtspt", "rtspu", "rtsps", "rtspst", "rtspsu"};
constexpr std::array<std::string_view, 1> kSrt{"srt"};
constexpr std::array<std::string_view, 2> kUdp{"udp", "rtp"};
constexpr std::array<std::string_view, 2> kLists{"m3u", "pls"};
constexpr std::array<std::string_view, 1> kHls{"m3u8"};
constexpr std::array<std::string_view, 1> kDash{"mpd"};

const std::array kKinds{
    SourceKind{"demo", kDemo, {}, create_demo},      SourceKind{"list", kHttpOrFile, kLists, nullptr},
    SourceKind{"hls", kHttp, kHls, create_adaptive}, SourceKind{"dash", kHttp, kDash, create_adaptive},
    SourceKind{"http", kHttp, {}, create_http},      SourceKind{"file", kFile, {}, create_file},
    SourceKind{"rtmp", kRtmp, {}, create_rtmp},      SourceKind{"rtsp", kRtsp, {}, create_rtsp},
    SourceKind{"srt", kSrt, {}, create_srt},         SourceKind{"udp", kUdp, {}, create_udp},
    SourceKind{"slate", kSlate, {}, create_slate},
};

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::span<const SourceKind> source_kinds() noexcept {
  return kKinds;
}

const SourceKind* find_kind(const std::string& uri) {
  const std::string scheme = scheme_of(uri);
  const std::string extension = extension_of(uri);
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const SourceKind& kind) {
    return contains(kind.schemes, scheme) &&
           (kind.extensions.empty() || contains(kind.extensions, extension));
  });
  return found == kKinds.end() ? nullptr : &*found;
}

const SourceKind& kind_named(std::string_view name) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const SourceKind& kind) { return kind.name == name; });
  assert(found != kKinds.end());
  return *found;
}

}  // namespace hub::media
