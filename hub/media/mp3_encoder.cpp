#include "hub/media/mp3_encoder.h"

#include "hub/lib/gst/element.h"
#include "hub/media/codec.h"
#include "hub/media/failure.h"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

namespace hub::media {
namespace {

using base::Errc;
using base::Nanos;
using lib::gst::add;
using lib::gst::make_element;
using namespace std::chrono_literals;

/// A hole in the input that is worth moving the output's times; less is a splice of whole frames.
constexpr Nanos kGap = 100ms;
/// What may wait in front of the decoder: two seconds of the best AAC.
constexpr guint64 kMaxQueuedBytes = 128U << 10U;

}  // namespace

Mp3Encoder::Mp3Encoder(lib::glib::Loop& loop, const stream::Job& job, Peer& peer)
    : loop_{loop},
      peer_{peer},
      mailbox_{loop, this},
      frame_{0},
      pipeline_{Ref<GstElement>::sink(gst_pipeline_new("mp3"))},
      convert_{make_element("audioconvert")},
      sink_{make_element("appsink")} {
  output_.id = 1;
  output_.codec = stream::Codec::Mp3;
  output_.rate_hz = job.mp3_rate_hz;
  output_.channels = job.mp3_channels;
  output_.bitrate_bps = job.mp3_kbps * 1000;
  frame_ = frame_length(output_);
  const auto encoder = make_element("lamemp3enc");
  lib::gst::set_if_known(encoder.get(), "target", "bitrate");
  g_object_set(encoder.get(), "cbr", TRUE, "mono", output_.channels == 1 ? TRUE : FALSE, "bitrate",
               static_cast<gint>(job.mp3_kbps), nullptr);
  g_object_set(sink_.get(), "sync", FALSE, "async", FALSE, nullptr);
  const auto format = lib::gst::make_filter(
      fmt::format("audio/x-raw,rate={},channels={}", output_.rate_hz, output_.channels).c_str());
  // Left to itself LAME lowers the rate at low bit rates, and the profile would not be the one promised.
  const auto profile = lib::gst::make_filter(
      fmt::format("audio/mpeg,rate={},channels={}", output_.rate_hz, output_.channels).c_str());
  GstElement* previous = nullptr;
  for (const auto& element : {convert_, make_element("audioresample"), format, encoder, profile,
                              make_element("mpegaudioparse"), sink_}) {
    add(pipeline_.get(), element);
    if (previous) gst_element_link(previous, element.get());
    previous = element.get();
  }
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink*, gpointer mail) noexcept -> GstFlowReturn {
    static_cast<Mailbox<Mp3Encoder>*>(mail)->post([](Mp3Encoder& self) { self.on_samples(); });
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &callbacks, new Mailbox<Mp3Encoder>{mailbox_},
                             [](gpointer mail) { delete static_cast<Mailbox<Mp3Encoder>*>(mail); });
  watch_bus();
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  peer_.send(stream::Tracks{{output_}});
}

Mp3Encoder::~Mp3Encoder() {
  mailbox_.close();
  bus_watch_.reset();
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void Mp3Encoder::watch_bus() {
  const auto bus = Ref<GstBus>::adopt(gst_element_get_bus(pipeline_.get()));
  auto watch = Ref<GSource>::adopt(gst_bus_create_watch(bus.get()));
  const auto on_message = +[](GstBus*, GstMessage* message, gpointer data) noexcept -> gboolean {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      const PipelineError error = error_from(message);
      static_cast<Mp3Encoder*>(data)->peer_.finish(
          {Errc::Io, fmt::format("the MP3 encoder failed: {}", error.message)});
    }
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(watch.get(), G_SOURCE_FUNC(on_message), this, nullptr);
  g_source_attach(watch.get(), loop_.context());
  bus_watch_ = lib::glib::SourceGuard{std::move(watch)};
}

void Mp3Encoder::on_message(stream::Message message) {
  try {
    if (const auto* tracks = std::get_if<stream::Tracks>(&message)) on_tracks(*tracks);
    if (const auto* unit = std::get_if<stream::Unit>(&message)) on_unit(*unit);
  } catch (const base::Error& error) {
    peer_.finish(error.failure());
  }
}

void Mp3Encoder::on_tracks(const stream::Tracks& tracks) {
  for (const auto& track : tracks.tracks) {
    if (track.codec != stream::Codec::Aac) continue;
    const bool same = input_ && input_->config == track.config;
    input_ = track;
    if (!same) make_decoder(track);
    return;
  }
  drop_decoder();
  input_.reset();
}

void Mp3Encoder::drop_decoder() {
  for (auto* element : {&source_, &decoder_}) {
    if (!*element) continue;
    gst_element_set_state(element->get(), GST_STATE_NULL);
    gst_bin_remove(GST_BIN(pipeline_.get()), element->get());
    *element = {};
  }
}

void Mp3Encoder::make_decoder(const stream::Track& track) {
  drop_decoder();
  source_ = make_element("appsrc");
  decoder_ = make_element("avdec_aac");
  auto caps = lib::gst::make_caps("audio/mpeg,mpegversion=4,stream-format=raw,framed=true");
  auto writable = Ref<GstCaps>::adopt(gst_caps_make_writable(caps.release()));
  const auto config = Ref<GstBuffer>::adopt(gst_buffer_new_memdup(track.config.data(), track.config.size()));
  gst_caps_set_simple(writable.get(), "codec_data", GST_TYPE_BUFFER, config.get(), "rate", G_TYPE_INT,
                      static_cast<gint>(track.rate_hz), "channels", G_TYPE_INT,
                      static_cast<gint>(track.channels), nullptr);
  g_object_set(source_.get(), "caps", writable.get(), "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
               kMaxQueuedBytes, "leaky-type", 2 /* the oldest goes */, nullptr);
  add(pipeline_.get(), source_);
  add(pipeline_.get(), decoder_);
  if (!gst_element_link_many(source_.get(), decoder_.get(), convert_.get(), nullptr))
    throw base::Error{Errc::Internal, "cannot link the AAC decoder"};
  gst_element_sync_state_with_parent(decoder_.get());
  gst_element_sync_state_with_parent(source_.get());
}

void Mp3Encoder::on_unit(const stream::Unit& unit) {
  if (!source_ || !input_ || unit.track != input_->id) return;
  if (!next_) next_ = unit.pts;
  // What the encoder still holds is older than the gap by less than a frame or two: nobody hears that.
  const Nanos gap = last_end_ ? unit.pts - *last_end_ : Nanos{0};
  if (gap > kGap || gap < -kGap) *next_ += gap;
  last_end_ = unit.pts + unit.duration;

  // The payload is shared, not copied: the blob lives as long as the buffer.
  auto* owner = new base::Blob{unit.payload};
  const auto* bytes = (*owner)->data();
  GstBuffer* buffer = gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, const_cast<std::uint8_t*>(bytes), (*owner)->size(), 0, (*owner)->size(),
      owner, [](gpointer data) { delete static_cast<base::Blob*>(data); });
  // No times: the encoder counts samples, so that a splice cannot upset it.
  gst_app_src_push_buffer(GST_APP_SRC(source_.get()), buffer);
}

void Mp3Encoder::on_samples() {
  while (const auto sample =
             Ref<GstSample>::adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 0))) {
    if (!next_) continue;
    stream::Unit unit;
    unit.track = output_.id;
    unit.key = true;
    unit.pts = unit.dts = *next_;
    unit.duration = frame_;
    unit.payload = base::make_blob(lib::gst::copy_bytes(gst_sample_get_buffer(sample.get())));
    *next_ += frame_;
    if (!unit.payload->empty() && unit.pts >= Nanos{0}) peer_.send(std::move(unit));
  }
}

}  // namespace hub::media
