#pragma once
#include "hub/machine/state.h"

#include <string>
#include <string_view>
#include <vector>

namespace hub::machine {

/// Something about the machine that will spoil a session day, and what to do about it.
struct Warning {
  /// "sleep", "lid", "forwarding", "address_dynamic", "no_network", "clock_unsynchronised", "clock_behind",
  /// "disk_low"
  std::string code;
  std::string french, english;
  [[nodiscard]] const std::string& text(std::string_view language) const {
    return language == "fr" ? french : english;
  }
  friend bool operator==(const Warning&, const Warning&) = default;
};

/// Under this many free bytes on the data folder's disk there is a warning: about two hours of a recording.
inline constexpr std::uint64_t kDiskWarnBytes = 1'500'000'000;

/// The worst first.
[[nodiscard]] std::vector<Warning> warnings(const State& state);

}  // namespace hub::machine
