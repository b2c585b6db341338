#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/stream/track.h"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace hub::media {

/// A list of tracks that holds from one unit on.
using TrackList = std::shared_ptr<const std::vector<stream::Track>>;

/// One access unit as a demuxer or encoder gave it, in running time of the source: both tracks of a source
/// share that time, and it may begin anywhere.
struct Sample {
  std::uint8_t track = 0;
  bool key = false;
  base::Nanos pts{0};
  std::optional<base::Nanos> dts;       ///< nothing: as pts
  std::optional<base::Nanos> duration;  ///< as the parser sees it
  base::Blob payload;
  TrackList tracks;  ///< set on the first sample after a change
};

/// A unit on the timeline, and the tracks to announce before it if they changed.
struct TimedUnit {
  stream::Unit unit;
  TrackList tracks;
};

/// Puts the samples of one source on one timeline that begins at 0: the first key frame, or the first audio
/// if there is no video. The offset between tracks is kept to the nanosecond. Every unit lasts until the next
/// one of its track in decoding order, so that durations add up and never drift; one unit per track is held
/// back for that. Pure: no clock, no GStreamer.
class Timeline {
 public:
  /// A jump over this between two units of a track is not a gap in the media but another clock.
  static constexpr base::Nanos kMaxJump = std::chrono::seconds{3};
  /// Decoding times that go back by less than this are a muxer's rounding and are repaired.
  static constexpr base::Nanos kMaxStepBack = std::chrono::milliseconds{500};

  /// Declares a track. Samples of other tracks are ignored. A changed rate is declared again.
  /// @param frame  exact length of each unit (audio codecs), or 0: then times are taken as they come. With
  /// it, times that were rounded to milliseconds on the way (FLV, RTMP) become exact again, and units that
  /// overlap the one before are dropped.
  void set_track(std::uint8_t track, stream::Kind kind, base::Nanos frame);

  /// @param now  arrival, to tell a gap of the source from a jump of its clock.
  /// @return Errc::Io if time jumped so that the source has to be started anew.
  [[nodiscard]] base::Status push(Sample sample, base::Mono now);
  /// The source's time of the timeline's 0; nothing before it begins.
  [[nodiscard]] std::optional<base::Nanos> origin() const noexcept { return origin_; }
  /// The source has ended: what is held back comes out.
  void finish();
  /// The units that are complete, in the order in which they became so.
  [[nodiscard]] std::vector<TimedUnit> take();

 private:
  struct Track {
    stream::Kind kind = stream::Kind::Audio;
    base::Nanos frame{0};
    std::optional<Sample> held;
    std::optional<base::Nanos> last_raw;  ///< as it came
    base::Mono last_arrival{};
    base::Nanos last_duration{0};
    TrackList changed;  ///< to be announced before the next unit
  };
  [[nodiscard]] base::Status check_jump(Track& track, base::Nanos dts, base::Mono now) const;
  void place(Track& track, Sample sample);
  void emit(Track& track, base::Nanos duration);
  void start_at(base::Nanos origin);
  [[nodiscard]] bool has_video() const;

  static constexpr std::size_t kMaxWaiting = 4096;  ///< about 40 s of audio without a key frame
  std::array<std::optional<Track>, 16> tracks_;
  std::optional<base::Nanos> origin_;
  std::deque<Sample> waiting_;  ///< audio that came before the first key frame
  std::vector<TimedUnit> done_;
};

}  // namespace hub::media
