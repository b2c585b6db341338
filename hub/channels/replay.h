#pragma once
#include "hub/base/clock.h"
#include "hub/base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Where a room is in its recording, and what a channel should have on air: pure arithmetic.
namespace hub::channels {

/// The form of a channel's tracks, which a slate has to keep.
struct Profile {
  bool video = true, audio = true;
  std::uint16_t width_px = 1280, height_px = 720;
  std::uint32_t rate_hz = 48'000;
  std::uint8_t channels = 2;
  friend bool operator==(const Profile&, const Profile&) = default;
};

/// What survives a restart of the hub. All but `stopped` is for replays.
///
/// ```
///  not begun ──starts_at or the host──► begun: playing ⇄ paused ──end of the recording──► ended
///      ▲                                                                                  │
///      └──────────── the host starts it anew, from the beginning ◄────────────────────────┘
/// ```
struct Room {
  bool stopped = false;  ///< by the host
  bool begun = false, paused = false, ended = false;
  base::Millis position{0};              ///< media time that the room has been given
  std::optional<base::Millis> duration;  ///< once the recording has said
  std::optional<base::Wall> starts_at;   ///< that this was stored for
  Profile profile;
  friend bool operator==(const Room&, const Room&) = default;
};

/// What a channel has on air, or should have.
struct Program {
  enum class Kind { Source, Slate };
  Kind kind = Kind::Source;
  base::Millis start{0};  ///< of a recording
  unsigned cue = 0;       ///< differs after each seek: the same recording from another place
  /// True if what is on air need not be changed for @p other.
  [[nodiscard]] bool serves(const Program& other) const {
    return kind == other.kind && (kind == Kind::Slate || cue == other.cue);
  }
};

/// A paused room sees the slate; any other the source from where it is.
[[nodiscard]] Program wanted(const Room& room, unsigned cue);

/// The stored room of a channel whose config now says @p starts_at: another time means another showing.
[[nodiscard]] Room recalled(std::optional<Room> stored, std::optional<base::Wall> starts_at);

/// True when the clock begins the showing. A hub that was switched on late begins too, from the beginning,
/// since the room has seen nothing; after kMaxLate it waits for the host.
inline constexpr std::chrono::hours kMaxLate{12};
[[nodiscard]] bool due(const Room& room, base::Wall now);

/// What a host asks for: a place, or some way from here.
struct Seek {
  std::optional<base::Millis> to;
  base::Millis by{0};
};
/// Where a seek leads: inside of the recording, at most kTail before its end.
struct Cue {
  base::Millis position{0};
  bool clamped = false;  ///< it was asked for beyond an end
};
inline constexpr base::Millis kTail{5'000};
[[nodiscard]] Cue cue_at(base::Millis wish, std::optional<base::Millis> duration);

/// "slate:?text=…": the picture of a pause. @param languages  of the hub, "fr" and "en".
[[nodiscard]] std::string slate_uri(const Profile& profile, const std::vector<std::string>& languages);

[[nodiscard]] base::Json to_json(const Room& room);
/// Nothing if it makes no sense: then the room begins anew.
[[nodiscard]] std::optional<Room> room_from(const base::Json& json);

}  // namespace hub::channels
