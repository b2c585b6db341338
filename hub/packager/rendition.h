#pragma once
#include "hub/packager/fmp4.h"
#include "hub/packager/playlist.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hub::packager {

/// Cuts the samples of one playlist into parts and segments.
///
/// One track leads: video, or audio where there is none. A part covers an interval of the leading track's
/// decode time and holds what arrived of all tracks while it was open; tfdt says where each sample belongs. A
/// part ends at a frame where that gives 85 % of the target, else (slow or irregular video) at the target
/// exactly. It closes when the next leading frame arrives, since only then is it known whether a key frame,
/// and with it a new segment, follows.
/// @context thread-bound: relay
class Rendition {
 public:
  struct Settings {
    PlaylistProfile profile;
    base::Nanos window{0};
    /// A segment closes before it gets longer, with or without a key frame. Rounded to seconds at most the
    /// target duration.
    base::Nanos max_segment{0};
    std::uint64_t first_msn = 0;
  };
  /// Wall time of a moment of the channel.
  using WallOf = std::function<base::Wall(base::Nanos)>;

  Rendition(Settings settings, WallOf wall_of);

  /// A run begins; end() was called since the last one. @param tracks  in the order of the files.
  void begin(std::uint64_t discontinuity, std::vector<Fmp4Track> tracks, bool video_leads);
  /// @param kind  names the track. @return false if the sample was refused: the open part is absurdly full.
  bool push(stream::Kind kind, Sample sample);
  /// Closes the open segment at what has arrived, unless a good part of it is still missing: keeps the
  /// numbers of an audio playlist in step with those of the video. @param duration  of the segment to keep
  /// step with.
  void follow(base::Nanos duration);
  /// Closes part and segment as they are. Where the tracks end further apart than one frame, what hangs over
  /// is dropped as far as it was not published yet. @return how many samples were dropped.
  std::size_t end();

  /// Something to publish since the last view().
  [[nodiscard]] bool changed() const { return changed_; }
  [[nodiscard]] std::shared_ptr<const PlaylistView> view(
      const std::optional<PlaylistView::Position>& sibling);
  [[nodiscard]] std::optional<PlaylistView::Position> last_part() const { return state_.last_part(); }
  [[nodiscard]] std::uint64_t next_msn() const { return state_.next_msn; }
  /// The current run has put out something.
  [[nodiscard]] bool has_output() const { return has_output_; }
  /// Duration of the segment closed last; how many were closed so far.
  [[nodiscard]] base::Nanos last_segment() const { return last_segment_; }
  [[nodiscard]] std::uint64_t closed_segments() const { return closed_segments_; }

 private:
  struct Lane {
    Fmp4Track track;
    std::vector<Sample> pending;   // of the open part
    base::Nanos end{0};            // decode end of the newest sample
    base::Nanos last_duration{0};  // of the newest sample
    base::Nanos shown_until{0};    // presentation end over all samples of closed parts
    bool seen = false;
  };

  [[nodiscard]] Lane* lane(stream::Kind kind);
  [[nodiscard]] base::Nanos limit() const;
  [[nodiscard]] bool part_is_long_enough(base::Nanos end) const;
  [[nodiscard]] bool pending() const;
  void cut_before_lead(const Sample& next);
  void cut_before_other(const Sample& next);
  void close_segment_before(base::Nanos time);
  void close_part(base::Nanos end);
  void finish_segment();
  void forget_old();
  std::size_t trim();

  Settings settings_;
  WallOf wall_of_;
  PlaylistView state_;  // without texts
  std::vector<Lane> lanes_;
  stream::Kind lead_ = stream::Kind::Video;
  base::Nanos lead_delay_{0};     // presentation minus decode time of the run's first leading sample
  base::Nanos part_begin_{0};     // multiples of kTick
  base::Nanos segment_begin_{0};  // same
  std::size_t pending_bytes_ = 0;
  std::uint32_t fragments_ = 0;
  base::Nanos last_segment_{0};
  std::uint64_t closed_segments_ = 0;
  bool started_ = false;     // the leading track's first sample of the run has come
  bool starts_gop_ = false;  // the open segment begins with a key frame
  bool has_output_ = false;
  bool changed_ = false;
};

/// How many of the newest @p video samples (in decoding order) must go so that what stays has no missing
/// frame in presentation order and ends at @p until at the latest. @param shown  presentation end of what was
/// published before; 0 for nothing.
[[nodiscard]] std::size_t overhang(const std::vector<Sample>& video, base::Nanos shown, base::Nanos until);

}  // namespace hub::packager
