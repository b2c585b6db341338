#pragma once
#include "hub/base/clock.h"
#include "hub/lib/logind/logind.h"
#include "hub/machine/network.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hub::machine {

/// What counts of the machine for a hub, as it is now.
struct State {
  std::vector<Address> addresses;
  std::vector<std::string> forwarding;  ///< interfaces that pass packets on: "wlp3s0", "wlp3s0 (IPv6)"
  bool clock_synchronised = true;
  base::Wall now{};
  std::optional<base::Wall> last_entry;      ///< time of the newest line of the presence log
  std::uint64_t free_bytes = 0;              ///< on the disk of the data folder
  std::optional<lib::logind::Policy> sleep;  ///< nothing without logind
  bool has_lid = false;
  bool kept_awake = false;  ///< this hub holds logind's inhibitor
};

/// Interfaces that forward, of @p proc (/proc in real life), without the loopback.
[[nodiscard]] std::vector<std::string> forwarding_interfaces(const std::filesystem::path& proc = "/proc");
/// Whether a time service disciplines the clock (adjtimex(2), STA_UNSYNC).
[[nodiscard]] bool clock_synchronised();
/// Free for an ordinary user on the disk of @p folder, or of the nearest folder above it that exists.
[[nodiscard]] std::uint64_t free_bytes_at(std::filesystem::path folder);

/// Looks at everything but last_entry, which is the store's, and kept_awake. Blocks for up to some seconds.
[[nodiscard]] State look(const std::filesystem::path& data_dir, const base::Clock& clock);

}  // namespace hub::machine
