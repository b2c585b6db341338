#pragma once
#include "hub/packager/publication.h"

#include <map>
#include <memory>
#include <string>

namespace hub::channels {

/// The outputs of one channel that the web threads serve. The publications live as long as the channel,
/// through all its restarts; any thread may hold them.
struct Outputs {
  std::string id;
  std::string title;
  std::shared_ptr<packager::HlsPublication> hls;
  std::shared_ptr<packager::AudioPublication> mp3;
  std::shared_ptr<packager::AudioPublication> aac;  ///< ADTS
};

/// Channel id → outputs. Immutable; replaced as a whole when a channel is added or removed.
using Directory = std::map<std::string, std::shared_ptr<const Outputs>, std::less<>>;

}  // namespace hub::channels
