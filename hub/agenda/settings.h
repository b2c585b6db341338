#pragma once
#include <string>

namespace hub::agenda {

/// Section `[ietf]`.
struct Settings {
  /// audio_url: where the sound of a session is, with {meeting} and {session_id}.
  std::string audio_url = "https://mp3.conf.meetecho.com/ietf{meeting}/{session_id}.m3u";
};

}  // namespace hub::agenda
