#include "hub/media/branch.h"

#include "hub/base/error.h"
#include "hub/lib/gst/element.h"

#include <initializer_list>
#include <string>

#include <fmt/format.h>

namespace hub::media {
namespace {

using lib::gst::add;
using lib::gst::make_element;
using lib::gst::make_filter;

/// Of a transcoder: it runs in a thread of its own, and the other track must not wait for it.
/// Measured in bytes: by time, a queue of 1.22 takes the negative first decoding time of B-frames for full.
constexpr guint kQueueBytes = 4U << 20U;
/// Held by an appsink while the relay does not want more.
constexpr guint kSinkBuffers = 30;
constexpr int kAacBps = 128'000;
constexpr int kMaxVideoKbps = 4'000;

constexpr const char* kH264Caps = "video/x-h264,stream-format=avc,alignment=au";
constexpr const char* kAacCaps = "audio/mpeg,mpegversion=4,stream-format=raw";

/// Adds @p elements to @p pipeline, links them in order and brings them to its state.
void install(GstElement* pipeline, std::initializer_list<Ref<GstElement>> elements) {
  GstElement* previous = nullptr;
  for (const auto& element : elements) {
    add(pipeline, element);
    if (previous && !gst_element_link(previous, element.get()))
      throw base::Error{base::Errc::Internal, fmt::format("cannot link {} to {}", GST_OBJECT_NAME(previous),
                                                          GST_OBJECT_NAME(element.get()))};
    previous = element.get();
  }
  // From the end on, so that nothing can arrive at an element that is not running yet.
  for (auto it = std::rbegin(elements); it != std::rend(elements); ++it) {
    // A sink runs whatever the pipeline does: decodebin holds the pipeline in PAUSED until its decoder gives
    // a first frame, and a sink that waits there holds up the demuxer that has to feed that decoder.
    if (GST_OBJECT_FLAG_IS_SET(it->get(), GST_ELEMENT_FLAG_SINK)) {
      gst_element_set_locked_state(it->get(), TRUE);
      gst_element_set_state(it->get(), GST_STATE_PLAYING);
    } else {
      gst_element_sync_state_with_parent(it->get());
    }
  }
}

Ref<GstPad> sink_pad(const Ref<GstElement>& element) {
  return Ref<GstPad>::adopt(gst_element_get_static_pad(element.get(), "sink"));
}

/// Neither waits for the clock nor for the other tracks: pacing is the relay's.
Ref<GstElement> make_sink() {
  auto sink = make_element("appsink");
  g_object_set(sink.get(), "sync", FALSE, "async", FALSE, "max-buffers", kSinkBuffers, "drop", FALSE,
               "enable-last-sample", FALSE, nullptr);
  return sink;
}

Ref<GstElement> make_queue() {
  auto queue = make_element("queue");
  g_object_set(queue.get(), "max-size-bytes", kQueueBytes, "max-size-buffers", 0U, "max-size-time",
               guint64{0}, nullptr);
  return queue;
}

/// decodebin's only pad, once it is there, goes to the pad that rides on the signal.
void link_decoded(GstElement*, GstPad* pad, gpointer target) noexcept {
  auto* to = static_cast<GstPad*>(target);
  if (!gst_pad_is_linked(to)) gst_pad_link(pad, to);
}

/// queue ! decodebin, whose output goes to @p next.
Ref<GstPad> install_decoder(GstElement* pipeline, const Ref<GstPad>& next) {
  auto decoder = make_element("decodebin");
  g_signal_connect_data(
      decoder.get(), "pad-added", G_CALLBACK(link_decoded), gst_object_ref(next.get()),
      [](gpointer pad, GClosure*) { gst_object_unref(pad); }, GConnectFlags{});
  auto queue = make_queue();
  install(pipeline, {queue, decoder});
  return sink_pad(queue);
}

Branch pass_h264(GstElement* pipeline, bool has_dts) {
  auto parser = make_element("h264parse");
  auto sink = make_sink();
  if (has_dts) {
    install(pipeline, {parser, make_filter(kH264Caps), sink});
  } else {
    // RTP and Matroska carry presentation times only.
    install(pipeline, {parser, make_element("h264timestamper"), make_filter(kH264Caps), sink});
  }
  return {sink_pad(parser), {{kVideoTrack, sink, base::Nanos{0}}}};
}

Branch pass_aac(GstElement* pipeline) {
  auto parser = make_element("aacparse");
  auto sink = make_sink();
  install(pipeline, {parser, make_filter(kAacCaps), sink});
  return {sink_pad(parser), {{kAudioTrack, sink, base::Nanos{0}}}};
}

/// Frames between two key frames: two seconds.
int key_interval(const GstCaps* caps) {
  int numerator = 0;
  int denominator = 1;
  gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "framerate", &numerator, &denominator);
  if (numerator <= 0 || denominator <= 0 || numerator / denominator > 120) return 60;
  return std::max(2 * numerator / denominator, 2);
}

Branch encode_video(GstElement* pipeline, const GstCaps* caps) {
  auto deinterlace = make_element("deinterlace");
  auto encoder = make_element("x264enc");
  lib::gst::set_if_known(encoder.get(), "tune", "zerolatency");
  lib::gst::set_if_known(encoder.get(), "speed-preset", "superfast");
  lib::gst::set_if_known(encoder.get(), "pass", "qual");
  g_object_set(encoder.get(), "quantizer", 24U, "bitrate", kMaxVideoKbps, "key-int-max", key_interval(caps),
               nullptr);
  auto sink = make_sink();
  install(pipeline,
          {deinterlace, make_element("videoconvert"), make_element("videoscale"),
           make_filter("video/x-raw,format=I420,width=[16,1920,2],height=[16,1080,2],pixel-aspect-ratio=1/1"),
           encoder, make_filter("video/x-h264,profile=main"), make_element("h264parse"),
           make_filter(kH264Caps), sink});
  return {install_decoder(pipeline, sink_pad(deinterlace)), {{kVideoTrack, sink, base::Nanos{0}}}};
}

/// 44.1 kHz and its parts stay in their family; everything else becomes 48 kHz.
int aac_rate(const GstCaps* caps) {
  int rate = 0;
  gst_structure_get_int(gst_caps_get_structure(caps, 0), "rate", &rate);
  return rate > 0 && 44'100 % rate == 0 ? 44'100 : 48'000;
}

/// The AAC encoder and its decoder; @return the entry.
Ref<GstPad> install_aac_encoder(GstElement* pipeline, const GstCaps* caps, BranchEnd& end) {
  const int rate = aac_rate(caps);
  auto convert = make_element("audioconvert");
  auto encoder = make_element("avenc_aac");
  g_object_set(encoder.get(), "bitrate", kAacBps, nullptr);
  end = {kAudioTrack, make_sink(), base::Nanos{1'000'000'000LL * 1024 / rate}};  // see sources/demo.cpp
  install(pipeline, {convert, make_element("audioresample"),
                     make_filter(fmt::format("audio/x-raw,rate={},channels=2", rate).c_str()), encoder,
                     make_element("aacparse"), make_filter(kAacCaps), end.appsink});
  return install_decoder(pipeline, sink_pad(convert));
}

Branch encode_audio(GstElement* pipeline, const GstCaps* caps) {
  Branch branch;
  branch.ends.resize(1);
  branch.entry = install_aac_encoder(pipeline, caps, branch.ends[0]);
  return branch;
}

Branch keep_mp3(GstElement* pipeline, const GstCaps* caps) {
  Branch branch;
  branch.ends.resize(2);
  const auto decoder_entry = install_aac_encoder(pipeline, caps, branch.ends[0]);
  auto parser = make_element("mpegaudioparse");
  branch.ends[1] = {kMp3Track, make_sink(), base::Nanos{0}};
  install(pipeline, {parser, branch.ends[1].appsink});
  // The tee comes last: a branch of a tee must run before it is linked.
  auto tee = make_element("tee");
  add(pipeline, tee);
  for (const auto& entry : {decoder_entry, sink_pad(parser)}) {
    const auto output = Ref<GstPad>::adopt(gst_element_request_pad_simple(tee.get(), "src_%u"));
    if (gst_pad_link(output.get(), entry.get()) != GST_PAD_LINK_OK)
      throw base::Error{base::Errc::Internal, "cannot link the tee of an MP3 source"};
  }
  gst_element_sync_state_with_parent(tee.get());
  branch.entry = sink_pad(tee);
  return branch;
}

}  // namespace

Branch make_branch(GstElement* pipeline, const GstCaps* caps, bool has_dts) {
  switch (treatment_of(caps)) {
    case Treatment::PassH264:
      return pass_h264(pipeline, has_dts);
    case Treatment::PassAac:
      return pass_aac(pipeline);
    case Treatment::KeepMp3:
      return keep_mp3(pipeline, caps);
    case Treatment::EncodeVideo:
      return encode_video(pipeline, caps);
    case Treatment::EncodeAudio:
      return encode_audio(pipeline, caps);
    case Treatment::None:
      break;
  }
  throw base::Error{base::Errc::Unsupported, fmt::format("{} cannot be relayed", codec_name(caps))};
}

Ref<GstPad> make_drain(GstElement* pipeline) {
  auto sink = make_element("fakesink");
  g_object_set(sink.get(), "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, nullptr);
  install(pipeline, {sink});
  return sink_pad(sink);
}

}  // namespace hub::media
