#pragma once
#include <optional>
#include <string>
#include <vector>

namespace hub::test {

/// What a decoder sees and hears of a stream that flashes white and beeps once a second.
struct FlashBeep {
  std::vector<double> flashes_s, beeps_s;  ///< beginnings, on the stream's own timeline
  std::string trouble;                     ///< ffmpeg's words if it decoded nothing
  /// The largest distance of a flash to the nearest beep, over all but the first and last second; nothing if
  /// there are fewer than two flashes or no beep.
  [[nodiscard]] std::optional<double> worst_offset_s() const;
};

/// Decodes @p seconds of @p input (file or address) with ffmpeg; sound is looked at in steps of 5 ms.
[[nodiscard]] FlashBeep measure_flash_beep(const std::string& input, double seconds);

}  // namespace hub::test
