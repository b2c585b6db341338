#pragma once
#include "hub/base/clock.h"
#include "hub/packager/publication.h"
#include "hub/stream/track.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace hub::packager {

/// Turns the access units of one channel into LL-HLS: fragmented-MP4 parts and segments, and the playlists
/// that name them, as immutable snapshots in a publication. Source: draft-pantos-hls-rfc8216bis; ISO/IEC
/// 14496-12 (boxes), 14496-15 (avcC), 14496-14 (esds).
/// @context thread-bound: relay
class Packager {
 public:
  struct Settings {
    std::string channel;                  ///< for the names of variants
    bool video = true;                    ///< fixed track set: H.264 + AAC, or AAC alone
    bool audio = true;                    ///< false: a video source without sound
    std::chrono::milliseconds part{400};  ///< PART-TARGET
    std::chrono::seconds segment{4};      ///< TARGETDURATION, for life
    std::chrono::seconds window{60};
    std::uint64_t first_msn = 0;            ///< EXT-X-MEDIA-SEQUENCE of the first segment
    std::uint64_t first_discontinuity = 0;  ///< EXT-X-DISCONTINUITY-SEQUENCE
    std::string start_id;                   ///< [a-z0-9]: in every URI, differs at each start of the hub
  };
  /// Upward talk.
  class Listener {
   public:
    virtual ~Listener() = default;
    /// The next media and discontinuity sequence numbers have come to these: store them (every 100 segments).
    virtual void on_mark(std::uint64_t msn, std::uint64_t discontinuity) = 0;
  };

  Packager(Settings settings, std::shared_ptr<HlsPublication> publication, Listener& listener);
  ~Packager();
  Packager(const Packager&) = delete;
  Packager& operator=(const Packager&) = delete;

  /// A run of units begins: the first, or one after an interruption. Later runs get EXT-X-DISCONTINUITY and a
  /// new EXT-X-MAP. @param tracks  at most one H264 and one Aac, as in Settings; others are ignored.
  void begin(std::span<const stream::Track> tracks);
  /// One unit in channel time: never negative, and over all runs of the channel never going back by more than
  /// the reordering of B-frames. Units of both tracks come interleaved in order of release.
  /// @param release  when the unit was paced out: PROGRAM-DATE-TIME comes from here.
  /// A unit that cannot be packaged (unknown track, before the first key frame, time that goes back) is
  /// dropped and counted. A jump of its track by more than a segment, in either direction, begins a new run.
  void push(const stream::Unit& unit, base::Wall release);
  /// The run is over: closes the part and the segment as they are and publishes them.
  void end();
  [[nodiscard]] std::uint64_t dropped_units() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hub::packager
