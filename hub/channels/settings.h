#pragma once
#include "hub/stream/job.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hub::channels {

/// One `[[channel.source]]`.
struct SourceSettings {
  std::string uri;
};

/// One `[[channel]]`. Keys of the config are the members' names.
struct ChannelSettings {
  std::string id;  ///< [a-z0-9-]{1,40}, unique: part of every media address
  std::string title;
  std::string language;  ///< BCP 47 or empty
  stream::Job::Kind kind = stream::Job::Kind::Auto;
  std::vector<SourceSettings> sources;  ///< best first; exactly one for now
  std::uint32_t mp3_kbps = 96;          ///< of the encoded /audio/<id>.mp3
};

/// Section `[relay]`: the same for all channels.
struct RelaySettings {
  std::chrono::milliseconds part{400};    ///< part_ms: LL-HLS PART-TARGET, 100 to 2000
  std::chrono::seconds window{60};        ///< window_s: media kept for players, 20 to 600
  std::chrono::milliseconds buffer{200};  ///< buffer_ms: jitter buffer of live sources, 0 to 10000
  std::chrono::milliseconds timeout{
      10'000};                         ///< timeout_ms: a source that sends nothing for this long is restarted
  std::chrono::seconds retry_max{30};  ///< retry_max_s: longest pause between two attempts
};

}  // namespace hub::channels
