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
constexpr auto kPatience = 2500ms;

using Mail = Mailbox<Ingest>;

}  // namespace

Ingest::Ingest(lib::glib::Loop& loop, SourceParts parts, stream::Job::Kind kind, Listener& listener)
    : loop_{loop},
      listener_{listener},
      kind_{kind},
      mailbox_{loop, this},
      pipeline_{Ref<GstElement>::sink(gst_pipeline_new("ingest"))},
      bytes_{std::make_shared<std::atomic<std::uint64_t>>(0)} {
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
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void Ingest::play() {
  // Failures come over the bus, where they carry their reason.
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

std::uint64_t Ingest::bytes_in() const noexcept {
  return *bytes_ + fragment_bytes_;
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
      if (outputs_.empty()) listener_.on_end();
      return;
    case GST_MESSAGE_TAG:
      return on_tags(message);
    case GST_MESSAGE_ELEMENT: {
      const GstStructure* structure = gst_message_get_structure(message);
      guint64 size = 0;
      if (gst_structure_has_name(structure, "adaptive-streaming-statistics") &&
          gst_structure_get_uint64(structure, "fragment-size", &size))
        fragment_bytes_ += size;
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
  ++undecided_elements_;
  const auto hold = [](GstPad* raw, const Mail& mail) {
    auto pad = Ref<GstPad>::share(raw);
    const gulong probe = lib::gst::hold_at_first_buffer(raw, [pad, mail](bool has_dts) {
      mail.post([pad, has_dts](Ingest& self) { self.on_arrived(pad, has_dts); });
    });
    mail.post([pad, probe](Ingest& self) { self.on_pad(pad, probe); });
  };
  const auto on_added = +[](GstElement*, GstPad* pad, std::pair<Mail, decltype(hold)>* data) noexcept {
    if (GST_PAD_DIRECTION(pad) == GST_PAD_SRC) data->second(pad, data->first);
  };
  const auto on_complete =
      +[](GstElement*, Mail* mail) noexcept { mail->post([](Ingest& self) { self.on_no_more_pads(); }); };
  connections_.push_back(
      lib::gst::connect(element, "pad-added", G_CALLBACK(on_added), std::pair{mailbox_, hold}));
  connections_.push_back(lib::gst::connect(element, "no-more-pads", G_CALLBACK(on_complete), mailbox_));
  // The demo source has its pads from the start.
  for (GList* item = element->srcpads; item; item = item->next) hold(GST_PAD(item->data), mailbox_);
  if (element->srcpads) mailbox_.post([](Ingest& self) { self.on_no_more_pads(); });
}

Ingest::Candidate& Ingest::candidate_of(const Ref<GstPad>& pad) {
  const auto found = std::find_if(candidates_.begin(), candidates_.end(),
                                  [&](const Candidate& c) { return c.pad.get() == pad.get(); });
  if (found != candidates_.end()) return *found;
  candidates_.push_back({pad});
  return candidates_.back();
}

void Ingest::on_pad(const Ref<GstPad>& pad, gulong probe) {
  candidate_of(pad).probe = probe;
  decide_if_ready();
}

void Ingest::on_arrived(const Ref<GstPad>& pad, bool has_dts) {
  Candidate& candidate = candidate_of(pad);
  candidate.arrived = true;
  candidate.has_dts = has_dts;
  if (!pads_patience_ && !decided_) pads_patience_ = loop_.after(kPatience, [this] { decide(); });
  decide_if_ready();
}

void Ingest::on_no_more_pads() {
  --undecided_elements_;
  decide_if_ready();
}

void Ingest::decide_if_ready() {
  // RTP is taken apart first: its streams come as new pads.
  for (std::size_t i = 0; i < candidates_.size();) {
    const Candidate& candidate = candidates_[i];
    const auto caps = Ref<GstCaps>::adopt(gst_pad_get_current_caps(candidate.pad.get()));
    if (candidate.arrived && candidate.probe != 0 &&
        lib::gst::media_type(caps.get()) == "application/x-rtp") {
      const Candidate rtp = candidate;
      candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(i));
      take_apart(rtp);
    } else {
      ++i;
    }
  }
  if (decided_) {
    for (const auto& late : std::exchange(candidates_, {})) take_late(late);
    return;
  }
  const bool all_here = undecided_elements_ <= 0 && !candidates_.empty() &&
                        std::all_of(candidates_.begin(), candidates_.end(),
                                    [](const Candidate& c) { return c.arrived && c.probe != 0; });
  if (all_here) decide();
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

void Ingest::decide() {
  if (decided_) return;
  decided_ = true;
  pads_patience_.reset();
  bool video = kind_ == stream::Job::Kind::Audio;  // taken, or not wanted
  bool audio = false;
  std::string names;
  try {
    for (const auto& candidate : std::exchange(candidates_, {})) {
      const auto caps = Ref<GstCaps>::adopt(gst_pad_get_current_caps(candidate.pad.get()));
      const Treatment treatment = candidate.arrived ? treatment_of(caps.get()) : Treatment::None;
      names += (names.empty() ? "" : ", ") + codec_name(caps.get());
      if ((is_video(treatment) && !std::exchange(video, true)) ||
          (is_audio(treatment) && !std::exchange(audio, true)))
        take(candidate, caps, treatment);
      else
        connect_to(candidate, make_drain(pipeline_.get()));
    }
  } catch (const base::Error& error) {
    return listener_.on_unsupported(error.failure());
  }
  if (!outputs_.empty()) {
    tracks_patience_ = loop_.after(kPatience, [this] { announce_if_ready(true); });
    return;
  }
  const char* wanted = kind_ == stream::Job::Kind::Audio ? "no sound" : "neither picture nor sound";
  listener_.on_unsupported(
      {Errc::Unsupported, fmt::format("the source has {} that can be relayed, only: {}", wanted, names)});
}

void Ingest::take(const Candidate& candidate, const Ref<GstCaps>& caps, Treatment treatment) {
  const Branch branch = make_branch(pipeline_.get(), caps.get(), candidate.has_dts);
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

/// A chained Ogg begins a new stream with each title, and an HLS source may change its renditions: the new
/// stream goes where the old one went.
void Ingest::take_late(const Candidate& candidate) {
  const auto caps = Ref<GstCaps>::adopt(gst_pad_get_current_caps(candidate.pad.get()));
  const Treatment treatment = treatment_of(caps.get());
  for (const auto& [taken, entry] : entries_) {
    if (taken != treatment || gst_pad_is_linked(entry.get())) continue;
    return connect_to(candidate, entry);
  }
  connect_to(candidate, make_drain(pipeline_.get()));
}

}  // namespace hub::media
