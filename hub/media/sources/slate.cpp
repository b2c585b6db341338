#include "hub/base/error.h"
#include "hub/media/sources/generated.h"
#include "hub/media/uri.h"

#include <charconv>

#include <fmt/format.h>

namespace hub::media {
namespace {

constexpr int kFramesPerSecond = 10;

/// @p text as a number of [low, high].
int number_of(const std::string& text, int low, int high) {
  int value = 0;
  const auto* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value).ptr != end || value < low || value > high)
    throw base::Error{base::Errc::Invalid, fmt::format("a slate cannot be made with '{}'", text)};
  return value;
}

}  // namespace

/// `slate:` a still picture with words, and silence, in the profile of the channel that it stands in for:
/// `?size=640x360&rate=48000&channels=2&text=…`. Players are spared a change of size or rate, and a few
/// kbit/s are enough: nothing moves.
SourceParts create_slate(const SourceRequest& request) {
  const auto option = [&](const char* key, const char* fallback) {
    return query_value(request.uri, key, fallback);
  };
  const int rate = number_of(option("rate", "48000"), 8'000, 96'000);
  const int channels = number_of(option("channels", "2"), 1, 2);
  std::string description;
  // clocksync: see sources/demo.cpp.
  if (request.kind != stream::Job::Kind::Audio && option("video", "1") != "0") {
    const PictureSize size = parse_size(option("size", "640x360"));
    description += fmt::format(
        "videotestsrc pattern=solid-color foreground-color=0xff14332c ! "
        "video/x-raw,format=I420,width={},height={},framerate={}/1 ! clocksync ! "
        "textoverlay name=words halignment=center valignment=center font-desc=\"Sans Bold 24\" ! "
        "x264enc tune=zerolatency speed-preset=veryfast pass=qual quantizer=24 key-int-max={} ! "
        "video/x-h264,profile=main ! h264parse ! identity name=video silent=true ",
        size.width, size.height, kFramesPerSecond, kFramesPerSecond);
  }
  if (option("audio", "1") != "0")
    description += fmt::format(
        "audiotestsrc wave=silence samplesperbuffer=960 ! "
        "audio/x-raw,format=S16LE,layout=interleaved,rate={},channels={} ! clocksync ! audioconvert ! "
        "avenc_aac bitrate=32000 ! aacparse ! identity name=audio silent=true ",
        rate, channels);
  if (description.empty())
    throw base::Error{base::Errc::Invalid, "a slate with neither picture nor sound has nothing to show"};

  auto bin = build_bin(description);
  if (const auto words = Ref<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin.get()), "words")))
    g_object_set(words.get(), "text", option("text", "").c_str(), nullptr);
  expose(bin.get(), "video", "video", base::Nanos{0});
  expose(bin.get(), "audio", "audio", aac_delay(rate));
  SourceParts parts;
  parts.chain = {std::move(bin)};
  parts.read_ahead = kTakeAll;
  return parts;
}

}  // namespace hub::media
