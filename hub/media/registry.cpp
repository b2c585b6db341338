#include "hub/media/registry.h"

#include "hub/lib/gst/ref.h"

#include <array>
#include <cstdlib>
#include <filesystem>

namespace hub::media {
namespace {

struct Needed {
  const char *element, *package, *purpose;
};

constexpr const char* kBase = "gstreamer1.0-plugins-base";
constexpr const char* kGood = "gstreamer1.0-plugins-good";
constexpr const char* kBad = "gstreamer1.0-plugins-bad";
constexpr const char* kUgly = "gstreamer1.0-plugins-ugly";
constexpr const char* kX = "gstreamer1.0-x";  // Debian keeps the text overlays there, which need no X
constexpr const char* kLibav = "gstreamer1.0-libav";

/// Everything that the sources and branches ask for by name, and the demuxers and decoders that parsebin and
/// decodebin have to find.
constexpr std::array kNeeded{
    Needed{"typefind", "libgstreamer1.0-0", "every source"},
    Needed{"parsebin", kBase, "every source"},
    Needed{"decodebin", kBase, "transcoding"},
    Needed{"appsink", kBase, "every source"},
    Needed{"appsrc", kBase, "MP3 for phones and radios"},
    Needed{"audioconvert", kBase, "sound in other formats than AAC"},
    Needed{"audioresample", kBase, "sound in other formats than AAC"},
    Needed{"videoconvert", kBase, "pictures in other formats than H.264"},
    Needed{"videoscale", kBase, "pictures in other formats than H.264"},
    Needed{"opusdec", kBase, "Opus"},
    Needed{"vorbisdec", kBase, "Vorbis"},
    Needed{"oggdemux", kBase, "Ogg"},
    Needed{"videotestsrc", kBase, "the demo channel and the pause of a replay"},
    Needed{"audiotestsrc", kBase, "the demo channel and the pause of a replay"},
    Needed{"textoverlay", kX, "the pause of a replay"},
    Needed{"clockoverlay", kX, "the demo channel"},
    Needed{"souphttpsrc", kGood, "HTTP, HLS and Icecast"},
    Needed{"icydemux", kGood, "Icecast"},
    Needed{"hlsdemux2", kGood, "HLS"},
    Needed{"dashdemux2", kGood, "DASH"},
    Needed{"qtdemux", kGood, "MP4"},
    Needed{"mp4mux", kGood, "recordings whose picture and sound come apart"},
    Needed{"matroskademux", kGood, "WebM and Matroska"},
    Needed{"flvdemux", kGood, "RTMP"},
    Needed{"rtspsrc", kGood, "RTSP"},
    Needed{"rtpmp2tdepay", kGood, "MPEG-TS over RTP"},
    Needed{"udpsrc", kGood, "UDP"},
    Needed{"mpegaudioparse", kGood, "MP3"},
    Needed{"aacparse", kGood, "AAC"},
    Needed{"mpg123audiodec", kGood, "MP3"},
    Needed{"lamemp3enc", kGood, "MP3 for phones and radios"},
    Needed{"vp8dec", kGood, "VP8"},
    Needed{"deinterlace", kGood, "interlaced pictures"},
    Needed{"h264parse", kBad, "H.264"},
    Needed{"h264timestamper", kBad, "H.264 from RTSP and Matroska"},
    Needed{"tsdemux", kBad, "HLS, SRT and UDP"},
    Needed{"rtmp2src", kBad, "RTMP"},
    Needed{"srtsrc", kBad, "SRT"},
    Needed{"x264enc", kUgly, "pictures in other formats than H.264, and the demo channel"},
    Needed{"avenc_aac", kLibav, "sound in other formats than AAC, and the demo channel"},
    Needed{"avdec_aac", kLibav, "MP3 for phones and radios"},
    Needed{"avdec_h264", kLibav, "H.264 that browsers cannot play"},
    Needed{"avdec_h265", kLibav, "HEVC"},
};

std::filesystem::path registry_file() {
  if (const char* file = std::getenv("GST_REGISTRY")) return file;
  return std::filesystem::path{g_get_user_cache_dir()} / "gstreamer-1.0" / "registry.x86_64.bin";
}

}  // namespace

void prepare_registry(bool probing) {
  if (probing) {
    setenv("GST_REGISTRY_UPDATE", "yes", 1);
    return;
  }
  gst_registry_fork_set_enabled(FALSE);
  std::error_code error;
  if (std::filesystem::exists(registry_file(), error)) setenv("GST_REGISTRY_UPDATE", "no", 1);
}

base::Json probe_elements() {
  base::Json missing = base::Json::array();
  for (const auto& needed : kNeeded) {
    GstElementFactory* factory = gst_element_factory_find(needed.element);
    if (!factory)
      missing.push_back({{"element", needed.element}, {"package", needed.package}, {"for", needed.purpose}});
    else
      gst_object_unref(factory);
  }
  const lib::glib::GCharPtr version{gst_version_string()};
  return {{"complete", missing.empty()}, {"version", version.get()}, {"missing", std::move(missing)}};
}

}  // namespace hub::media
