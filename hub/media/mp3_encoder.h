#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/lib/gst/ref.h"
#include "hub/media/mailbox.h"
#include "hub/media/task.h"
#include "hub/media/timeline.h"
#include "hub/stream/job.h"

#include <memory>
#include <optional>

namespace hub::media {

using lib::glib::Ref;

/// Job::Task::EncodeMp3: AAC units of the hub become MP3 units of one fixed profile.
///
///   appsrc ! avdec_aac ! audioconvert ! audioresample ! lamemp3enc ! mpegaudioparse ! appsink
///
/// The times of the MP3 units count frames and begin at the first AAC unit's time; a gap of the input of over
/// 100 ms moves them on. A changed AAC configuration gets a new decoder in front of the same encoder, so that
/// the MP3 stream never changes its profile: the native players end at one that does.
/// @context thread-bound: main loop
class Mp3Encoder final : public Task {
 public:
  Mp3Encoder(lib::glib::Loop& loop, const stream::Job& job, Peer& peer);
  ~Mp3Encoder() override;
  void on_message(stream::Message message) override;

 private:
  void on_tracks(const stream::Tracks& tracks);
  void on_unit(const stream::Unit& unit);
  void on_samples();
  void make_decoder(const stream::Track& track);
  void drop_decoder();
  void watch_bus();

  lib::glib::Loop& loop_;
  Peer& peer_;
  Mailbox<Mp3Encoder> mailbox_;
  stream::Track output_;
  base::Nanos frame_;  ///< length of one MP3 frame
  Ref<GstElement> pipeline_, convert_, sink_;
  Ref<GstElement> source_, decoder_;  ///< of the present AAC configuration; may be empty
  std::optional<stream::Track> input_;
  std::optional<base::Nanos> next_;      ///< time of the next MP3 frame
  std::optional<base::Nanos> last_end_;  ///< where the last AAC unit ended
  lib::glib::SourceGuard bus_watch_;
};

}  // namespace hub::media
