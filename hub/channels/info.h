#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::channels {

/// State as the API shows it. Slate and Waiting come with source chains and budgets.
enum class State { Idle, Connecting, Live };
[[nodiscard]] constexpr const char* to_string(State state) noexcept {
  switch (state) {
    case State::Idle:
      return "idle";
    case State::Connecting:
      return "connecting";
    case State::Live:
      return "live";
  }
  return "idle";
}

/// What main knows about one channel; copied from the relay thread at each change and once a second.
struct Info {
  std::string id;
  std::string title;
  std::string language;  ///< BCP 47, may be empty
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
};

}  // namespace hub::channels
