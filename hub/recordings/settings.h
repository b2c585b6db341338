#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace hub::recordings {

/// Sections `[recordings]`, `[rights]` and what fetching needs of `[uplink]`.
struct Settings {
  std::filesystem::path folder;  ///< recordings.folder, absolute; empty: `recordings` in the data folder
  std::chrono::days keep{14};    ///< recordings.keep_days; 0: for ever
  std::string permission;        ///< rights.permission, "who, when"; empty: nothing is fetched
  std::string quiet_hours;       ///< uplink.quiet_hours, "22:00-06:00"; empty: at any time
  std::uint32_t monthly_mb = 0;  ///< uplink.monthly_mb, megabytes of 1 000 000 bytes; 0: no limit
  std::uint32_t fetch_kbps = 0;  ///< uplink.fetch_kbps; 0: no limit
};

}  // namespace hub::recordings
