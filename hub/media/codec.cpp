#include "hub/media/codec.h"

#include "hub/lib/glib/ref.h"
#include "hub/lib/gst/element.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <gst/pbutils/pbutils.h>

namespace hub::media {
namespace {

using namespace std::string_view_literals;

constexpr std::array kProfiles{"constrained-baseline"sv, "baseline"sv,        "main"sv, "high"sv,
                               "constrained-high"sv,     "progressive-high"sv};

std::string_view text_at(const GstStructure* structure, const char* field) {
  const char* text = gst_structure_get_string(structure, field);
  return text ? text : ""sv;
}

int number_at(const GstStructure* structure, const char* field) {
  int value = 0;
  gst_structure_get_int(structure, field, &value);
  return value;
}

/// A field that is missing says nothing against the stream.
bool is_or_unknown(const GstStructure* structure, const char* field, std::string_view wanted) {
  const auto value = text_at(structure, field);
  return value.empty() || value == wanted;
}

Treatment of_h264(const GstStructure* structure) {
  const auto profile = text_at(structure, "profile");
  const bool known =
      profile.empty() || std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
  guint depth = 8;
  gst_structure_get_uint(structure, "bit-depth-luma", &depth);
  const bool passes = known && depth == 8 && is_or_unknown(structure, "chroma-format", "4:2:0") &&
                      is_or_unknown(structure, "interlace-mode", "progressive");
  return passes ? Treatment::PassH264 : Treatment::EncodeVideo;
}

Treatment of_mpeg_audio(const GstStructure* structure) {
  const int version = number_at(structure, "mpegversion");
  if (version == 1) return number_at(structure, "layer") == 3 ? Treatment::KeepMp3 : Treatment::EncodeAudio;
  // LOAS cannot be taken apart by aacparse 1.22; other object types than LC play in few browsers.
  const auto format = text_at(structure, "stream-format");
  const auto profile = text_at(structure, "base-profile");
  const bool passes = format != "loas" && format != "latm" && (profile.empty() || profile == "lc");
  return passes ? Treatment::PassAac : Treatment::EncodeAudio;
}

base::Bytes codec_data(const GstStructure* structure) {
  const GValue* value = gst_structure_get_value(structure, "codec_data");
  if (!value || !GST_VALUE_HOLDS_BUFFER(value)) return {};
  return lib::gst::copy_bytes(gst_value_get_buffer(value));
}

}  // namespace

Treatment treatment_of(const GstCaps* caps) {
  if (!caps || gst_caps_get_size(caps) == 0) return Treatment::None;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const std::string_view name = gst_structure_get_name(structure);
  if (name == "video/x-h264") return of_h264(structure);
  if (name == "audio/mpeg") return of_mpeg_audio(structure);
  if (name.starts_with("video/") || name == "image/jpeg") return Treatment::EncodeVideo;
  if (name.starts_with("audio/")) return Treatment::EncodeAudio;
  return Treatment::None;
}

std::string codec_name(const GstCaps* caps) {
  if (!caps || gst_caps_get_size(caps) == 0) return "nothing";
  if (!gst_caps_is_fixed(caps)) return lib::gst::media_type(caps);
  const lib::glib::GCharPtr name{gst_pb_utils_get_codec_description(caps)};
  return name ? name.get() : lib::gst::media_type(caps);
}

std::optional<stream::Track> track_from(const GstCaps* caps, std::uint8_t id) {
  if (!caps || gst_caps_get_size(caps) == 0) return std::nullopt;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  stream::Track track;
  track.id = id;
  if (gst_structure_has_name(structure, "video/x-h264")) {
    track.codec = stream::Codec::H264;
    track.width_px = static_cast<std::uint16_t>(std::clamp(number_at(structure, "width"), 0, 16384));
    track.height_px = static_cast<std::uint16_t>(std::clamp(number_at(structure, "height"), 0, 16384));
  } else {
    track.codec = number_at(structure, "mpegversion") == 1 ? stream::Codec::Mp3 : stream::Codec::Aac;
    track.rate_hz = static_cast<std::uint32_t>(std::clamp(number_at(structure, "rate"), 0, 384'000));
    track.channels = static_cast<std::uint8_t>(std::clamp(number_at(structure, "channels"), 0, 64));
    if (track.rate_hz == 0 || track.channels == 0) return std::nullopt;
  }
  track.config = codec_data(structure);
  if (track.config.empty() && track.codec != stream::Codec::Mp3) return std::nullopt;
  return track;
}

base::Nanos frame_length(const stream::Track& track) noexcept {
  if (track.rate_hz == 0) return base::Nanos{0};
  std::int64_t samples = 1024;
  if (track.codec == stream::Codec::Mp3) samples = track.rate_hz >= 32'000 ? 1152 : 576;
  return base::Nanos{samples * 1'000'000'000 / track.rate_hz};
}

}  // namespace hub::media
