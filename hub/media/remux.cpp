#include "hub/media/remux.h"

#include "hub/lib/gst/element.h"
#include "hub/lib/gst/signal.h"
#include "hub/media/failure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include <fmt/format.h>

namespace hub::media {
namespace {

using base::Errc;
using base::Failure;
using lib::gst::Ref;
using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
constexpr std::size_t kHeadBytes = 4 * 1024 * 1024;  // a first PES of a good picture is far smaller

/// The element that turns a parsed stream into the form that MP4 wants; null if MP4 does not take it.
const char* parser_of(const GstCaps* caps) {
  const GstStructure* structure = caps ? gst_caps_get_structure(caps, 0) : nullptr;
  if (!structure) return nullptr;
  const std::string type = gst_structure_get_name(structure);
  if (type == "video/x-h264") return "h264parse";
  if (type == "video/x-h265") return "h265parse";
  if (type == "audio/x-ac3") return "ac3parse";
  if (type != "audio/mpeg") return nullptr;
  int version = 0;
  gst_structure_get_int(structure, "mpegversion", &version);
  return version == 1 ? "mpegaudioparse" : "aacparse";
}

/// What the streaming threads tell. Kept alive by their callbacks.
struct Found {
  struct Track {
    Ref<GstPad> pad;
    std::size_t input = 0;
    gulong block = 0;
    std::optional<GstClockTime> first;  // running time of the buffer that waits
  };
  std::mutex mutex;  // guards tracks
  std::vector<Track> tracks;
};

struct Blocked {
  std::shared_ptr<Found> found;
  GstPad* pad;  // borrowed: the probe dies with it
};

GstPadProbeReturn on_first_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer data) noexcept {
  const auto& blocked = *static_cast<Blocked*>(data);
  const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  GstClockTime time = GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : 0;
  if (GstEvent* event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0)) {
    const GstSegment* segment = nullptr;
    gst_event_parse_segment(event, &segment);
    const auto running = gst_segment_to_running_time(segment, GST_FORMAT_TIME, time);
    if (GST_CLOCK_TIME_IS_VALID(running)) time = running;
    gst_event_unref(event);
  }
  const std::lock_guard lock{blocked.found->mutex};
  for (auto& track : blocked.found->tracks)
    if (track.pad.get() == pad && !track.first) track.first = time;
  return GST_PAD_PROBE_OK;  // and blocked, as asked for
}

struct Input {
  std::shared_ptr<Found> found;
  std::size_t index;
};

void on_pad_added(GstElement*, GstPad* pad, gpointer data) noexcept {
  const auto& input = *static_cast<Input*>(data);
  const std::lock_guard lock{input.found->mutex};
  auto& track = input.found->tracks.emplace_back();
  track.pad = Ref<GstPad>::share(pad);
  track.input = input.index;
  track.block = gst_pad_add_probe(pad, GstPadProbeType(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
                                  on_first_buffer, new Blocked{input.found, pad},
                                  [](gpointer owned) { delete static_cast<Blocked*>(owned); });
}

std::optional<std::uint64_t> first_pts_of(const std::filesystem::path& file) {
  std::vector<unsigned char> head(kHeadBytes);
  std::ifstream stream{file, std::ios::binary};
  stream.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(stream.gcount()));
  return first_pts(head);
}

class Remuxer {
 public:
  Remuxer(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output)
      : inputs_{inputs},
        pipeline_{Ref<GstElement>::sink(gst_pipeline_new("remux"))},
        muxer_{lib::gst::make_element("mp4mux")} {
    const auto sink = lib::gst::make_element("filesink");
    g_object_set(sink.get(), "location", output.c_str(), nullptr);
    lib::gst::add(pipeline_.get(), muxer_);
    lib::gst::add(pipeline_.get(), sink);
    gst_element_link(muxer_.get(), sink.get());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto source = lib::gst::make_element("filesrc");
      const auto parser = lib::gst::make_element("parsebin");
      g_object_set(source.get(), "location", inputs[i].c_str(), nullptr);
      lib::gst::add(pipeline_.get(), source);
      lib::gst::add(pipeline_.get(), parser);
      gst_element_link(source.get(), parser.get());
      signals_.push_back(
          lib::gst::connect(parser.get(), "pad-added", G_CALLBACK(on_pad_added), Input{found_, i}));
    }
  }
  Remuxer(const Remuxer&) = delete;
  Remuxer& operator=(const Remuxer&) = delete;
  ~Remuxer() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  base::Status run() {
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    const auto bus = Ref<GstBus>::adopt(gst_element_get_bus(pipeline_.get()));
    auto deadline = std::chrono::steady_clock::now() + kPatience;
    gint64 last = -1;
    bool linked = false;
    while (std::chrono::steady_clock::now() < deadline) {
      GstMessage* message = gst_bus_timed_pop_filtered(bus.get(), 20 * GST_MSECOND,
                                                       GstMessageType(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
      if (message) {
        const bool ended = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
        const base::Status outcome =
            ended ? base::ok()
                  : base::Status{classify(error_from(message), "file://" + inputs_.front().string(), linked)};
        gst_message_unref(message);
        return outcome;
      }
      if (!linked && all_wait()) {
        if (auto status = link(); !status) return status;
        linked = true;
      }
      gint64 position = 0;
      if (gst_element_query_position(pipeline_.get(), GST_FORMAT_TIME, &position) && position != last) {
        last = position;
        deadline = std::chrono::steady_clock::now() + kPatience;
      }
    }
    return Failure{Errc::Stalled, "the tracks do not come to an end"};
  }

 private:
  /// parsebin 1.22 has no signal for its last pad, but shows all tracks of a file before one of them sends.
  bool all_wait() {
    const std::lock_guard lock{found_->mutex};
    const auto& tracks = found_->tracks;
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (std::none_of(tracks.begin(), tracks.end(), [i](const auto& track) { return track.input == i; }))
        return false;
    return std::all_of(tracks.begin(), tracks.end(),
                       [](const auto& track) { return track.first.has_value(); });
  }

  /// Each demuxer begins at 0, wherever its file does: what lies between two files is lost and is put back.
  std::vector<gint64> shifts(const std::vector<Found::Track>& tracks) const {
    std::vector<gint64> out(tracks.size(), 0);
    std::vector<std::uint64_t> starts;
    for (const auto& input : inputs_) {
      const auto pts = first_pts_of(input);
      if (!pts) return out;  // MP4 keeps its times
      starts.push_back(*pts);
    }
    if (inputs_.size() < 2) return out;
    const auto earliest = *std::min_element(starts.begin(), starts.end());
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      const auto due = gst_util_uint64_scale(starts[tracks[i].input] - earliest, GST_SECOND, 90'000);
      out[i] = static_cast<gint64>(due) - static_cast<gint64>(tracks[i].first.value_or(0));
    }
    return out;
  }

  base::Status link() {
    std::vector<Found::Track> tracks;
    {
      const std::lock_guard lock{found_->mutex};
      tracks = found_->tracks;
    }
    const auto shift = shifts(tracks);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      const auto& pad = tracks[i].pad;
      const auto caps = Ref<GstCaps>::adopt(gst_pad_get_current_caps(pad.get()));
      const char* parser_name = parser_of(caps.get());
      if (!parser_name)
        return Failure{Errc::Unsupported,
                       fmt::format("the recording has a track of type {}", lib::gst::media_type(caps.get()))};
      const auto parser = lib::gst::make_element(parser_name);
      const auto queue = lib::gst::make_element("queue");
      // The muxer takes from one track until the other is as far; files may be laid out in any way.
      g_object_set(queue.get(), "max-size-buffers", 0U, "max-size-time", guint64{0}, "max-size-bytes",
                   64U * 1024 * 1024, nullptr);
      lib::gst::add(pipeline_.get(), parser);
      lib::gst::add(pipeline_.get(), queue);
      const auto in = Ref<GstPad>::adopt(gst_element_get_static_pad(parser.get(), "sink"));
      if (gst_pad_link(pad.get(), in.get()) != GST_PAD_LINK_OK ||
          !gst_element_link(parser.get(), queue.get()) || !gst_element_link(queue.get(), muxer_.get()))
        return Failure{Errc::Unsupported,
                       fmt::format("MP4 does not take {}", lib::gst::media_type(caps.get()))};
      gst_pad_set_offset(pad.get(), shift[i]);
    }
    // All of them are linked before one may send: the muxer takes no more tracks once it has begun.
    GstIterator* elements = gst_bin_iterate_elements(GST_BIN(pipeline_.get()));
    gst_iterator_foreach(
        elements,
        [](const GValue* value, gpointer) {
          gst_element_sync_state_with_parent(GST_ELEMENT(g_value_get_object(value)));
        },
        nullptr);
    gst_iterator_free(elements);
    for (const auto& track : tracks) gst_pad_remove_probe(track.pad.get(), track.block);
    return base::ok();
  }

  const std::vector<std::filesystem::path>& inputs_;
  const std::shared_ptr<Found> found_ = std::make_shared<Found>();
  Ref<GstElement> pipeline_, muxer_;
  std::vector<lib::gst::SignalConnection> signals_;
};

}  // namespace

std::optional<std::uint64_t> first_pts(std::span<const unsigned char> packets) {
  constexpr std::size_t kPacket = 188;
  for (std::size_t at = 0; at + kPacket <= packets.size(); at += kPacket) {
    const auto packet = packets.subspan(at, kPacket);
    if (packet[0] != 0x47) return std::nullopt;
    const bool begins = (packet[1] & 0x40) != 0;
    const unsigned adaptation = (packet[3] >> 4U) & 3U;
    if (!begins || (adaptation & 1U) == 0) continue;
    const std::size_t payload = 4 + (adaptation == 3 ? std::size_t{1} + packet[4] : 0);
    if (payload + 14 > kPacket) continue;
    const auto pes = packet.subspan(payload);
    const bool media = pes[0] == 0 && pes[1] == 0 && pes[2] == 1 && pes[3] >= 0xC0 && pes[3] <= 0xEF;
    if (!media || (pes[7] & 0x80) == 0) continue;
    return (std::uint64_t{pes[9]} >> 1U & 7U) << 30U | std::uint64_t{pes[10]} << 22U |
           (std::uint64_t{pes[11]} >> 1U) << 15U | std::uint64_t{pes[12]} << 7U |
           std::uint64_t{pes[13]} >> 1U;
  }
  return std::nullopt;
}

base::Status remux(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output) {
  try {
    return Remuxer{inputs, output}.run();
  } catch (const base::Error& error) {
    return error.failure();
  }
}

}  // namespace hub::media
