#pragma once
#include "hub/stream/track.h"

#include <vector>

namespace hub::test {

/// When the flashes and beeps of the test picture (peers.h, or the demo source) begin, in seconds of the
/// units' timeline. Decoded by ffmpeg; timed by the units alone, whatever a container would say.
[[nodiscard]] std::vector<double> flash_times(const stream::Track& track, std::vector<stream::Unit> units);
[[nodiscard]] std::vector<double> beep_times(const stream::Track& track,
                                             const std::vector<stream::Unit>& units);
/// For each flash that has a beep within half a second: beep minus flash, in seconds.
[[nodiscard]] std::vector<double> beep_delays(const std::vector<double>& flashes,
                                              const std::vector<double>& beeps);

}  // namespace hub::test
