#include "hub/base/error.h"
#include "hub/lib/gst/element.h"
#include "hub/media/sources/generated.h"
#include "hub/media/uri.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <gst/video/video.h>

namespace hub::media {
namespace {

constexpr int kFramesPerSecond = 25;
constexpr guint64 kRate = 48'000;
constexpr std::size_t kChannels = 2;
constexpr guint64 kBeepSamples = kRate / 10;
/// What lamemp3enc and the decoder put before the first sample (measured).
constexpr base::Nanos kMp3Delay{1'000'000'000LL * 2211 / kRate};
constexpr guint8 kWhite = 235;  ///< ITU-R BT.601 luma

/// Makes the frame that begins a second white. Flash and beep are both cut by the buffers' own times, which
/// count from 0 for both, so that they begin together by construction.
GstPadProbeReturn flash(GstPad* pad, GstPadProbeInfo* info, gpointer) noexcept {
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const GstClockTime frame = GST_SECOND / kFramesPerSecond;
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || GST_BUFFER_PTS(buffer) % GST_SECOND >= frame)
    return GST_PAD_PROBE_OK;
  const auto caps = Ref<GstCaps>::adopt(gst_pad_get_current_caps(pad));
  GstVideoInfo format;
  if (!caps || !gst_video_info_from_caps(&format, caps.get())) return GST_PAD_PROBE_OK;
  buffer = gst_buffer_make_writable(buffer);
  info->data = buffer;
  GstVideoFrame picture;
  if (!gst_video_frame_map(&picture, &format, buffer, GST_MAP_WRITE)) return GST_PAD_PROBE_OK;
  const auto fill = [&](guint plane, int value) {
    auto* data = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&picture, plane));
    const auto rows = static_cast<std::size_t>(GST_VIDEO_FRAME_COMP_HEIGHT(&picture, plane));
    const auto stride = static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&picture, plane));
    std::fill_n(data, rows * stride, static_cast<guint8>(value));
  };
  fill(0, kWhite);
  fill(1, 128);
  fill(2, 128);
  gst_video_frame_unmap(&picture);
  return GST_PAD_PROBE_OK;
}

/// Silences all but the first 100 ms of each second of a 1 kHz tone. (The "ticks" of audiotestsrc 1.22 are
/// no alternative: only the first one is on time, the others come up to one buffer early.)
GstPadProbeReturn gate(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  info->data = buffer;
  GstMapInfo map;
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || !gst_buffer_map(buffer, &map, GST_MAP_READWRITE))
    return GST_PAD_PROBE_OK;
  constexpr std::size_t kFrameBytes = kChannels * sizeof(gint16);
  const guint64 first = gst_util_uint64_scale_round(GST_BUFFER_PTS(buffer), kRate, GST_SECOND);
  for (std::size_t i = 0; i < map.size / kFrameBytes; ++i)
    if ((first + i) % kRate >= kBeepSamples) std::fill_n(map.data + i * kFrameBytes, kFrameBytes, guint8{0});
  gst_buffer_unmap(buffer, &map);
  return GST_PAD_PROBE_OK;
}

struct Encoder {
  std::string_view codec;
  const char* description;
};
constexpr std::array kVideoEncoders{
    Encoder{"h264",
            "x264enc tune=zerolatency speed-preset=ultrafast pass=qual quantizer=26 key-int-max=25 ! "
            "video/x-h264,profile=baseline ! h264parse"},
    Encoder{"vp8", "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=25 target-bitrate=500000"},
    Encoder{"hevc", "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! h265parse"}};
constexpr std::array kAudioEncoders{
    Encoder{"aac", "avenc_aac bitrate=96000 ! aacparse"},
    Encoder{"mp3", "lamemp3enc target=bitrate cbr=true bitrate=64 ! mpegaudioparse"},
    Encoder{"opus", "opusenc ! opusparse"}};

template <std::size_t N>
const char* encoder(const std::array<Encoder, N>& table, const std::string& codec) {
  for (const auto& row : table)
    if (row.codec == codec) return row.description;
  throw base::Error{base::Errc::Invalid, fmt::format("the demo source knows no codec '{}'", codec)};
}

void probe(GstElement* bin, const char* element, GstPadProbeCallback callback) {
  const auto found = Ref<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin), element));
  if (!found) return;
  const auto pad = Ref<GstPad>::adopt(gst_element_get_static_pad(found.get(), "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, callback, nullptr, nullptr);
}

}  // namespace

/// `demo:` moving ball, burned-in clock, once a second a white frame together with a beep. Options:
/// `?audio=0`, `?video=0`, `size=640x360`, `codec=h264|vp8|hevc`, `audio_codec=aac|mp3|opus`.
SourceParts create_demo(const SourceRequest& request) {
  const auto option = [&](const char* key, const char* fallback) {
    return query_value(request.uri, key, fallback);
  };
  // clocksync and not is-live: a live test source stamps its first buffer with whenever it started, each
  // source with another time, where these count from 0.
  std::string description;
  if (option("video", "1") != "0" && request.kind != stream::Job::Kind::Audio) {
    const PictureSize size = parse_size(option("size", "640x360"));
    description += fmt::format(
        "videotestsrc pattern=ball background-color=0xff203040 ! "
        "video/x-raw,format=I420,width={},height={},framerate={}/1 ! clocksync ! "
        "clockoverlay time-format=\"%H:%M:%S\" halignment=center valignment=top font-desc=\"Sans Bold 20\" ! "
        "timeoverlay halignment=center valignment=bottom font-desc=\"Sans Bold 20\" ! "
        "identity name=flash ! {} ! identity name=video silent=true ",
        size.width, size.height, kFramesPerSecond, encoder(kVideoEncoders, option("codec", "h264")));
  }
  if (option("audio", "1") != "0")
    description += fmt::format(
        "audiotestsrc wave=sine freq=1000 volume=0.5 samplesperbuffer=960 ! "
        "audio/x-raw,format=S16LE,layout=interleaved,rate={},channels={} ! identity name=beep ! clocksync ! "
        "audioconvert ! {} ! identity name=audio silent=true ",
        kRate, kChannels, encoder(kAudioEncoders, option("audio_codec", "aac")));
  if (description.empty())
    throw base::Error{base::Errc::Invalid,
                      "a demo source with neither picture nor sound has nothing to show"};

  SourceParts parts;
  auto bin = build_bin(description);
  probe(bin.get(), "flash", flash);
  probe(bin.get(), "beep", gate);
  expose(bin.get(), "video", "video", base::Nanos{0});
  const std::string sound = option("audio_codec", "aac");
  const base::Nanos delay = sound == "aac" ? aac_delay(kRate) : sound == "mp3" ? kMp3Delay : base::Nanos{0};
  expose(bin.get(), "audio", "audio", delay);
  parts.chain = {std::move(bin)};
  parts.read_ahead = kTakeAll;
  return parts;
}

}  // namespace hub::media
