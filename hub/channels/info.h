#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/channels/settings.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::channels {

/// State as the API shows it. Waiting comes with budgets.
enum class State { Idle, Connecting, Live, Slate };
[[nodiscard]] constexpr const char* to_string(State state) noexcept {
  switch (state) {
    case State::Idle:
      return "idle";
    case State::Connecting:
      return "connecting";
    case State::Live:
      return "live";
    case State::Slate:
      return "slate";
  }
  return "idle";
}

/// Where the room is in its recording.
struct ReplayInfo {
  base::Millis position{0};
  std::optional<base::Millis> duration;
  bool paused = false;
  std::optional<base::Wall> starts_at;
};

/// What main knows about one channel; copied from the relay thread at each change and once a second.
struct Info {
  std::string id;
  std::string title;
  std::string language;  ///< BCP 47, may be empty
  Mode mode = Mode::Always;
  bool added = false;  ///< by the host, not in the config
  State state = State::Idle;
  std::optional<base::Failure> reason;  ///< why it is not live, or why it was last interrupted
  base::Wall since{};                   ///< of the state
  std::string kind;  ///< "video" or "audio"; empty while not known ("auto" before the first delivery)
  bool has_audio = false;
  std::string on_air;  ///< ICY title or empty
  std::string source;  ///< URI with user, password and query removed
  std::uint64_t bytes_in = 0;
  std::uint32_t restarts = 0;
  bool transcoding_video = false, transcoding_audio = false;
  base::Nanos buffered{0};
  std::optional<ReplayInfo> replay;  ///< with Mode::Replay
};

}  // namespace hub::channels
