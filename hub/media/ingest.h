#pragma once
#include "hub/base/error.h"
#include "hub/lib/glib/loop.h"
#include "hub/lib/gst/signal.h"
#include "hub/media/branch.h"
#include "hub/media/failure.h"
#include "hub/media/mailbox.h"
#include "hub/media/source.h"
#include "hub/media/timeline.h"
#include "hub/stream/job.h"

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::media {

/// One GStreamer pipeline from a source to samples of encoded tracks.
///
///   Opening ──first buffer of each stream──► Delivering ──EOS──► on_end
///      └──────────────── error ─────────────────┴──────────────► on_failure
///
/// Each stream is held at its first buffer until it has its place: the first picture and the first sound get
/// a branch (branch.h), the rest is dropped. No stream waits for another one there, because one thread feeds
/// all streams of a demuxer; the samples of the first wait in announce_if_ready() for the other track.
/// Streaming threads only post values to the loop.
/// @context thread-bound: main loop
class Ingest {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// Before the first sample, and again when one of the tracks changes.
    virtual void on_tracks(const std::vector<stream::Track>& tracks) = 0;
    virtual void on_sample(Sample sample) = 0;
    /// Of a recording, before its first sample: @p offset to be added to the time of a sample gives its place
    /// in the recording, which is @p length long (0: not known).
    virtual void on_place(base::Nanos offset, base::Nanos length) = 0;
    /// No more samples of @p track will come.
    virtual void on_track_end(std::uint8_t track) = 0;
    virtual void on_title(std::string title) = 0;
    /// All tracks have ended.
    virtual void on_end() = 0;
    /// The pipeline has failed, or holds nothing that can be relayed.
    virtual void on_failure(PipelineError error) = 0;
    virtual void on_unsupported(base::Failure failure) = 0;
    /// What came over HTTP is no container but of this media type: text/html, application/x-hls, ….
    virtual void on_other_type(std::string media_type) = 0;
    /// Whether to go on pulling @p track; false holds the source back.
    [[nodiscard]] virtual bool wants(std::uint8_t track) = 0;
  };

  /// Builds; nothing runs before play(). @throws base::Error if an element is missing.
  Ingest(lib::glib::Loop& loop, SourceParts parts, stream::Job::Kind kind, Listener& listener);
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;
  /// Stops. GStreamer may hang here; the Sentinel ends the process then.
  ~Ingest();

  void play();
  /// Asks for samples again after wants() was false.
  void pull();
  [[nodiscard]] std::uint64_t bytes_in() const noexcept;
  [[nodiscard]] bool transcoding_video() const noexcept { return transcoding_video_; }
  [[nodiscard]] bool transcoding_audio() const noexcept { return transcoding_audio_; }

 private:
  /// A stream at its first buffer.
  struct Candidate {
    Ref<GstPad> pad;
    gulong probe = 0;
    std::optional<bool> has_dts;  ///< of its first buffer, once that waits
  };
  struct Output {
    BranchEnd end;
    Ref<GstCaps> caps;
    std::optional<stream::Track> track;
    bool ended = false;
    std::deque<Sample> early;  ///< that came before all tracks were known
  };

  void watch_pads(GstElement* element);
  void watch_type(GstElement* typefind);
  void watch_bus();
  void watch_output(const BranchEnd& end);
  void on_message(GstMessage* message);
  void on_tags(GstMessage* message);
  void on_collection(GstMessage* message);
  void place_if_ready(const Ref<GstPad>& pad);
  void place(const Candidate& candidate);
  void place_extra(const Candidate& candidate, Treatment treatment);
  void take_apart(const Candidate& rtp);
  void lose_patience();
  void report_nothing();
  void connect_to(const Candidate& candidate, const Ref<GstPad>& entry);
  Candidate& candidate_of(const Ref<GstPad>& pad);
  Output& output_of(std::uint8_t track);
  void on_samples(std::uint8_t track);
  void on_output_ended(std::uint8_t track);
  void handle(Output& output, GstSample* sample);
  void begin_elsewhere(GstElement* sink);
  void report_place(const GstSegment* segment);
  void announce_if_ready(bool out_of_patience);

  lib::glib::Loop& loop_;
  Listener& listener_;
  stream::Job::Kind kind_;
  Mailbox<Ingest> mailbox_;
  Ref<GstElement> pipeline_;
  std::shared_ptr<std::atomic<std::uint64_t>> bytes_;
  bool is_recording_;
  base::Nanos start_;  ///< still to be sought
  int seeks_ = 0;      ///< tried in vain
  bool sought_ = false;
  bool placed_ = false;  ///< on_place() was called
  bool counts_payload_;  ///< the source shows no pad where its bytes could be counted
  std::uint64_t payload_bytes_ = 0;
  std::vector<Candidate> candidates_;
  bool video_ = false, audio_ = false;                    ///< has a branch
  bool promised_video_ = false, promised_audio_ = false;  ///< by the last stream collection
  bool announced_ = false;
  std::string names_;  ///< of all formats seen, for the message that none can be used
  bool transcoding_video_ = false, transcoding_audio_ = false;
  std::vector<Output> outputs_;
  std::vector<std::pair<Treatment, Ref<GstPad>>> entries_;  ///< of branches, for streams that come anew
  std::string missing_;                                     ///< decoders that GStreamer asked for in vain
  std::vector<lib::gst::SignalConnection> connections_;
  lib::glib::SourceGuard bus_watch_, patience_;
};

}  // namespace hub::media
