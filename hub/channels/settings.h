#pragma once
#include "hub/base/clock.h"
#include "hub/stream/job.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hub::channels {

/// One `[[channel.source]]`.
struct SourceSettings {
  std::string uri;
};

/// When a channel is on air. Scheduled and on-demand channels come with the agenda.
enum class Mode {
  Always,  ///< as long as the hub runs
  Replay   ///< a recording, from when the host or the clock says, for the whole room
};

/// One `[[channel]]`. Keys of the config are the members' names.
struct ChannelSettings {
  std::string id;  ///< [a-z0-9-]{1,40}, unique: part of every media address
  std::string title;
  std::string language;  ///< BCP 47 or empty
  stream::Job::Kind kind = stream::Job::Kind::Auto;
  Mode mode = Mode::Always;
  std::optional<base::Wall> starts_at;  ///< Replay only; nothing: when the host starts it
  std::vector<SourceSettings> sources;  ///< best first; exactly one for now
  std::uint32_t mp3_kbps = 96;          ///< of the encoded /audio/<id>.mp3
};

/// The file of a recording, by its id; nothing if there is none. Called on the relay thread.
using FindRecording = std::function<std::optional<std::filesystem::path>(const std::string& id)>;

/// Section `[relay]`: the same for all channels.
struct RelaySettings {
  std::chrono::milliseconds part{400};    ///< part_ms: LL-HLS PART-TARGET, 100 to 2000
  std::chrono::seconds window{60};        ///< window_s: media kept for players, 20 to 600
  std::chrono::milliseconds buffer{200};  ///< buffer_ms: jitter buffer of live sources, 0 to 10000
  std::chrono::milliseconds timeout{
      10'000};  ///< timeout_ms: a source that sends nothing for this long is restarted
  std::vector<std::string> languages{"fr", "en"};  ///< of the slate: those of the hub
  FindRecording find_recording;                    ///< for `recording:<id>`; empty: there are none
  std::chrono::seconds retry_max{30};              ///< retry_max_s: longest pause between two attempts
};

}  // namespace hub::channels
