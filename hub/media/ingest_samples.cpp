// The second half of Ingest: from appsinks to the listener.
#include "hub/lib/gst/element.h"
#include "hub/media/ingest.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <gst/app/gstappsink.h>

namespace hub::media {
namespace {

using base::Nanos;

/// Sound lies this far behind its picture in a badly interleaved MPEG-TS, and seldom farther.
constexpr Nanos kOtherTrack = std::chrono::milliseconds{1500};

/// Frames that a parser is given to find out how its recording can be sought.
constexpr int kMaxSeeks = 200;

/// A time of a buffer as signed running time; nothing if it has none. Before the segment's start it is
/// negative: the first picture of a file with B-frames has such a decoding time.
std::optional<Nanos> running_time(const GstSegment* segment, GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time) || segment->format != GST_FORMAT_TIME) return std::nullopt;
  guint64 value = 0;
  const int sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, time, &value);
  if (sign == 0) return std::nullopt;
  return Nanos{sign * static_cast<std::int64_t>(value)};
}

}  // namespace

void Ingest::watch_output(const BranchEnd& end) {
  auto tap = std::make_shared<std::atomic<bool>>(false);
  using Handle = std::pair<Mailbox<Ingest>, std::pair<std::uint8_t, std::shared_ptr<std::atomic<bool>>>>;
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink*, gpointer data) noexcept -> GstFlowReturn {
    const auto& [mail, rest] = *static_cast<Handle*>(data);
    // One message is enough for many samples.
    if (!rest.second->exchange(true))
      mail.post([track = rest.first, rung = rest.second](Ingest& self) {
        *rung = false;
        self.on_samples(track);
      });
    return GST_FLOW_OK;
  };
  callbacks.eos = [](GstAppSink*, gpointer data) noexcept {
    const auto& [mail, rest] = *static_cast<Handle*>(data);
    mail.post([track = rest.first](Ingest& self) { self.on_output_ended(track); });
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(end.appsink.get()), &callbacks,
                             new Handle{mailbox_, {end.track, std::move(tap)}},
                             [](gpointer data) { delete static_cast<Handle*>(data); });
}

Ingest::Output& Ingest::output_of(std::uint8_t track) {
  const auto found = std::find_if(outputs_.begin(), outputs_.end(),
                                  [&](const Output& output) { return output.end.track == track; });
  assert(found != outputs_.end());
  return *found;
}

void Ingest::pull() {
  for (std::size_t i = 0; i < outputs_.size(); ++i) on_samples(outputs_[i].end.track);
}

void Ingest::on_samples(std::uint8_t track) {
  Output& output = output_of(track);
  auto* sink = GST_APP_SINK(output.end.appsink.get());
  while (listener_.wants(track)) {
    auto sample = Ref<GstSample>::adopt(gst_app_sink_try_pull_sample(sink, 0));
    if (!sample) break;
    if (start_ > Nanos{0}) {
      // An appsink that is flushed while its sample is held elsewhere complains (1.22).
      sample = {};
      begin_elsewhere(output.end.appsink.get());
      continue;
    }
    handle(output, sample.get());
  }
}

void Ingest::on_output_ended(std::uint8_t track) {
  // What the appsink still holds comes before the end. Without wants(): there will be no more of it.
  Output& output = output_of(track);
  auto* sink = GST_APP_SINK(output.end.appsink.get());
  while (const auto sample = Ref<GstSample>::adopt(gst_app_sink_try_pull_sample(sink, 0)))
    handle(output, sample.get());
  output.ended = true;
  announce_if_ready(false);
  listener_.on_track_end(track);
  if (std::all_of(outputs_.begin(), outputs_.end(), [](const Output& o) { return o.ended; })) {
    announce_if_ready(true);
    listener_.on_end();
  }
}

/// A recording that is to begin in its middle: once its demuxer has shown what there is, everything is
/// flushed and read on from there, from the key frame before, as decoders need one.
void Ingest::begin_elsewhere(GstElement* sink) {
  const auto flags =
      static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_BEFORE);
  GstEvent* seek = gst_event_new_seek(1.0, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, start_.count(),
                                      GST_SEEK_TYPE_NONE, 0);
  sought_ = gst_element_send_event(sink, seek) != FALSE;
  // The parser of a bare MP3 has to see some frames before it knows how many bytes a second takes. What can
  // never be sought plays from where it is, and says so in on_place().
  if (sought_ || ++seeks_ == kMaxSeeks) start_ = Nanos{0};
}

void Ingest::report_place(const GstSegment* segment) {
  if (!is_recording_ || std::exchange(placed_, true)) return;
  gint64 length = 0;
  if (!gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME, &length)) length = 0;
  // Stream time minus running time of all samples of the segment, at normal speed (GstSegment).
  const bool told = segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID(segment->time);
  const auto offset =
      told ? static_cast<std::int64_t>(segment->time) - static_cast<std::int64_t>(segment->base)
           : std::int64_t{0};
  listener_.on_place(Nanos{offset}, Nanos{std::max<gint64>(length, 0)});
}

void Ingest::handle(Output& output, GstSample* sample) {
  GstCaps* caps = gst_sample_get_caps(sample);
  if (caps != output.caps.get()) {
    output.caps = Ref<GstCaps>::share(caps);
    auto track = track_from(caps, output.end.track);
    const bool changed = track && track != output.track;
    if (track) output.track = std::move(track);
    if (changed && announced_) {
      announced_ = false;
      announce_if_ready(true);
    }
  }
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (!output.track || !buffer) return;
  const GstSegment* segment = gst_sample_get_segment(sample);
  auto pts = running_time(segment, GST_BUFFER_PTS(buffer));
  auto dts = running_time(segment, GST_BUFFER_DTS(buffer));
  if (!pts) pts = dts;
  if (!pts) return;
  // An MP3 that is sought by its own index is read from the entry before.
  if (sought_ && *pts < Nanos{0} && output.end.track != kVideoTrack) return;
  report_place(segment);
  Sample out;
  out.track = output.end.track;
  out.key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  out.pts = *pts - output.end.delay;
  if (dts) out.dts = *dts - output.end.delay;
  if (GST_BUFFER_DURATION_IS_VALID(buffer))
    out.duration = Nanos{static_cast<std::int64_t>(GST_BUFFER_DURATION(buffer))};
  out.payload = base::make_blob(lib::gst::copy_bytes(buffer));
  if (counts_payload_) payload_bytes_ += out.payload->size();
  if (!announced_) {
    output.early.push_back(std::move(out));
    announce_if_ready(false);
    return;
  }
  listener_.on_sample(std::move(out));
}

/// All tracks must be known before the first sample goes out. Whether there is another track, containers say
/// late or never: it has until kOtherTrack of the first one has come.
void Ingest::announce_if_ready(bool out_of_patience) {
  if (announced_ || outputs_.empty()) return;
  const bool known = std::all_of(outputs_.begin(), outputs_.end(),
                                 [](const Output& o) { return o.track.has_value() || o.ended; });
  const bool both = audio_ && (video_ || kind_ == stream::Job::Kind::Audio);
  const bool promised =
      (promised_video_ && !video_ && kind_ != stream::Job::Kind::Audio) || (promised_audio_ && !audio_);
  const bool waited = std::any_of(outputs_.begin(), outputs_.end(), [](const Output& o) {
    return o.ended || (o.early.size() > 1 && o.early.back().pts - o.early.front().pts >= kOtherTrack);
  });
  if (!out_of_patience && (!known || (!both && (promised || !waited)))) return;
  std::vector<stream::Track> tracks;
  for (const auto& output : outputs_)
    if (output.track) tracks.push_back(*output.track);
  if (tracks.empty()) return;
  announced_ = true;
  patience_.reset();
  listener_.on_tracks(tracks);
  for (auto& output : outputs_)
    for (auto& sample : std::exchange(output.early, {})) listener_.on_sample(std::move(sample));
}

}  // namespace hub::media
