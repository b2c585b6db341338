#include "hub/media/ingest.h"

#include "hub/lib/gst/element.h"
#include "hub/lib/gst/probe.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <gst/pbutils/pbutils.h>

namespace hub::media {
namespace {

using base::Errc;
using lib::glib::SourceGuard;
using namespace std::chrono_literals;

/// A stream that is declared but silent (a muted microphone in an MPEG-TS) must not hold up the other one.
constexpr auto kPatience = 4s;

using Mail = Mailbox<Ingest>;

}  // namespace

Ingest::Ingest(lib::glib::Loop& loop, SourceParts parts, stream::Job::Kind kind, Listener& listener)
    : loop_{loop},
      listener_{listener},
      kind_{kind},
      mailbox_{loop, this},
      pipeline_{Ref<GstElement>::sink(gst_pipeline_new("ingest"))},
      bytes_{std::make_shared<std::atomic<std::uint64_t>>(0)},
      is_recording_{parts.is_recording},
      start_{parts.start},
      counts_payload_{parts.pulls_inside} {
  GstElement* previous = nullptr;
  for (const auto& element : parts.chain) {
    lib::gst::add(pipeline_.get(), element);
    if (previous && !gst_element_link(previous, element.get()))
      throw base::Error{Errc::Internal, fmt::format("cannot link {}", GST_OBJECT_NAME(element.get()))};
    previous = element.get();
  }
  if (const auto first = Ref<GstPad>::adopt(gst_element_get_static_pad(parts.chain.front().get(), "src")))
    lib::gst::count_bytes(first.get(), bytes_);
  if (parts.typefind) watch_type(parts.typefind.get());
  watch_bus();
  watch_pads(parts.chain.back().get());
}

Ingest::~Ingest() {
  mailbox_.close();
  bus_watch_.reset();
  // The sinks of branches and drains are locked (branch.h). Only we add children, in this thread.
  for (GList* item = GST_BIN_CHILDREN(pipeline_.get()); item; item = item->next)
    if (gst_element_is_locked_state(GST_ELEMENT(item->data)))
      gst_element_set_state(GST_ELEMENT(item->data), GST_STATE_NULL);
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void Ingest::play() {
  // Failures come over the bus, where they carry their reason.
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

std::uint64_t Ingest::bytes_in() const noexcept {
  return *bytes_ + payload_bytes_;
}

// ---- what GStreamer tells -----------------------------------------------------------------------------

void Ingest::watch_bus() {
  const auto bus = Ref<GstBus>::adopt(gst_element_get_bus(pipeline_.get()));
  auto watch = Ref<GSource>::adopt(gst_bus_create_watch(bus.get()));
  const auto on_message = +[](GstBus*, GstMessage* message, gpointer self) noexcept -> gboolean {
    static_cast<Ingest*>(self)->on_message(message);
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(watch.get(), G_SOURCE_FUNC(on_message), this, nullptr);
  g_source_attach(watch.get(), loop_.context());
  bus_watch_ = SourceGuard{std::move(watch)};
}

void Ingest::watch_type(GstElement* typefind) {
  const auto on_type = +[](GstElement*, guint, GstCaps* caps, Mail* mail) noexcept {
    const std::string type = lib::gst::media_type(caps);
    const bool other = type.starts_with("text/") || type == "application/x-hls" ||
                       type == "application/dash+xml" || type == "application/xml";
    if (other) mail->post([type](Ingest& self) { self.listener_.on_other_type(type); });
  };
  connections_.push_back(lib::gst::connect(typefind, "have-type", G_CALLBACK(on_type), mailbox_));
}

void Ingest::on_message(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR: {
      PipelineError error = error_from(message);
      if (!missing_.empty()) error.message = fmt::format("no decoder for {} is installed", missing_);
      if (!missing_.empty()) error.domain = GST_CORE_ERROR, error.code = GST_CORE_ERROR_MISSING_PLUGIN;
      return listener_.on_failure(std::move(error));
    }
    case GST_MESSAGE_EOS:
      // Comes after all appsinks have handed out their last sample, unless there is none.
      if (outputs_.empty() && !names_.empty()) return report_nothing();
      if (outputs_.empty()) listener_.on_end();
      return;
    case GST_MESSAGE_STREAM_COLLECTION:
      return on_collection(message);
    case GST_MESSAGE_TAG:
      return on_tags(message);
    case GST_MESSAGE_ELEMENT: {
      if (gst_is_missing_plugin_message(message)) {
        const lib::glib::GCharPtr what{gst_missing_plugin_message_get_description(message)};
        missing_ = what ? what.get() : "this format";
      }
      return;
    }
    default:
      return;
  }
}

void Ingest::on_tags(GstMessage* message) {
  GstTagList* tags = nullptr;
  gst_message_parse_tag(message, &tags);
  gchar* raw = nullptr;
  if (gst_tag_list_get_string(tags, GST_TAG_TITLE, &raw)) {
    const lib::glib::GCharPtr title{raw};
    listener_.on_title(title.get());
  }
  gst_tag_list_unref(tags);
}

// ---- streams ------------------------------------------------------------------------------------------

void Ingest::watch_pads(GstElement* element) {
  const auto hold = [](GstPad* raw, const Mail& mail) {
    auto pad = Ref<GstPad>::share(raw);
    const gulong probe = lib::gst::hold_at_first_buffer(raw, [pad, mail](bool has_dts) {
      mail.post([pad, has_dts](Ingest& self) {
        self.candidate_of(pad).has_dts = has_dts;
        self.place_if_ready(pad);
      });
    });
    mail.post([pad, probe](Ingest& self) {
      self.candidate_of(pad).probe = probe;
      self.place_if_ready(pad);
    });
  };
  const auto on_added = +[](GstElement*, GstPad* pad, std::pair<Mail, decltype(hold)>* data) noexcept {
    if (GST_PAD_DIRECTION(pad) == GST_PAD_SRC) data->second(pad, data->first);
  };
  connections_.push_back(
      lib::gst::connect(element, "pad-added", G_CALLBACK(on_added), std::pair{mailbox_, hold}));
  // The demo source has its pads from the start.
  for (GList* item = element->srcpads; item; item = item->next) hold(GST_PAD(item->data), mailbox_);
}

Ingest::Candidate& Ingest::candidate_of(const Ref<GstPad>& pad) {
  const auto found = std::find_if(candidates_.begin(), candidates_.end(),
                                  [&](const Candidate& c) { return c.pad.get() == pad.get(); });
  if (found != candidates_.end()) return *found;
  candidates_.push_back({pad, 0, std::nullopt});
  return candidates_.back();
}

void Ingest::place_if_ready(const Ref<GstPad>& pad) {
  const Candidate candidate = candidate_of(pad);
  if (candidate.probe == 0 || !candidate.has_dts) return;
  std::erase_if(candidates_, [&](const Candidate& c) { return c.pad.get() == pad.get(); });
  if (!patience_) patience_ = loop_.after(kPatience, [this] { lose_patience(); });
  try {
    place(candidate);
  } catch (const base::Error& error) {
    listener_.on_unsupported(error.failure());
  }
}

void Ingest::place(const Candidate& candidate) {
  const auto caps = Ref<GstCaps>::adopt(gst_pad_get_current_caps(candidate.pad.get()));
  if (lib::gst::media_type(caps.get()) == "application/x-rtp") return take_apart(candidate);
  const Treatment treatment = treatment_of(caps.get());
  names_ += (names_.empty() ? "" : ", ") + codec_name(caps.get());
  const bool wanted =
      (is_video(treatment) && kind_ != stream::Job::Kind::Audio && !std::exchange(video_, true)) ||
      (is_audio(treatment) && !std::exchange(audio_, true));
  if (!wanted) return place_extra(candidate, treatment);
  const Branch branch = make_branch(pipeline_.get(), caps.get(), *candidate.has_dts);
  transcoding_video_ = transcoding_video_ || treatment == Treatment::EncodeVideo;
  transcoding_audio_ =
      transcoding_audio_ || treatment == Treatment::EncodeAudio || treatment == Treatment::KeepMp3;
  for (const auto& end : branch.ends) {
    outputs_.push_back({end, {}, {}, false, {}});
    watch_output(end);
  }
  entries_.emplace_back(treatment, branch.entry);
  connect_to(candidate, branch.entry);
}

void Ingest::take_apart(const Candidate& rtp) {
  const auto parser = lib::gst::make_element("parsebin");
  lib::gst::add(pipeline_.get(), parser);
  watch_pads(parser.get());
  gst_element_sync_state_with_parent(parser.get());
  connect_to(rtp, Ref<GstPad>::adopt(gst_element_get_static_pad(parser.get(), "sink")));
}

void Ingest::connect_to(const Candidate& candidate, const Ref<GstPad>& entry) {
  gst_pad_link(candidate.pad.get(), entry.get());
  gst_pad_remove_probe(candidate.pad.get(), candidate.probe);
}

void Ingest::on_collection(GstMessage* message) {
  GstStreamCollection* collection = nullptr;
  gst_message_parse_stream_collection(message, &collection);
  unsigned types = 0;
  for (guint i = 0; i < gst_stream_collection_get_size(collection); ++i)
    types |=
        static_cast<unsigned>(gst_stream_get_stream_type(gst_stream_collection_get_stream(collection, i)));
  gst_object_unref(collection);
  promised_video_ = (types & GST_STREAM_TYPE_VIDEO) != 0;
  promised_audio_ = (types & GST_STREAM_TYPE_AUDIO) != 0;
}

void Ingest::lose_patience() {
  if (outputs_.empty()) return report_nothing();
  announce_if_ready(true);
}

void Ingest::report_nothing() {
  const char* wanted = kind_ == stream::Job::Kind::Audio ? "no sound" : "neither picture nor sound";
  listener_.on_unsupported(
      {Errc::Unsupported, fmt::format("the source has {} that can be relayed, only: {}", wanted, names_)});
}

/// A chained Ogg begins a new stream with each title, and an HLS source may change its renditions: the new
/// stream goes where the old one went.
void Ingest::place_extra(const Candidate& candidate, Treatment treatment) {
  for (const auto& [taken, entry] : entries_) {
    if (taken != treatment || gst_pad_is_linked(entry.get())) continue;
    return connect_to(candidate, entry);
  }
  connect_to(candidate, make_drain(pipeline_.get()));
}

}  // namespace hub::media
