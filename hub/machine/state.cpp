#include "hub/machine/state.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <sys/statvfs.h>
#include <sys/timex.h>

namespace hub::machine {
namespace {

namespace fs = std::filesystem;

bool is_on(const fs::path& file) {
  int value = 0;
  std::ifstream in{file};
  return in >> value && value > 0;
}

}  // namespace

std::vector<std::string> forwarding_interfaces(const fs::path& proc) {
  std::vector<std::string> found;
  for (const auto* family : {"ipv4", "ipv6"}) {
    std::error_code error;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{proc / "sys/net" / family / "conf", error}) {
      const auto name = entry.path().filename().string();
      // "all" and "default" say what interfaces begin with; what each does stands in its own file.
      if (name != "all" && name != "default" && name != "lo" && is_on(entry.path() / "forwarding"))
        names.push_back(family == std::string_view{"ipv6"} ? name + " (IPv6)" : name);
    }
    std::sort(names.begin(), names.end());
    found.insert(found.end(), names.begin(), names.end());
  }
  return found;
}

bool clock_synchronised() {
  timex state{};
  return adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
}

std::uint64_t free_bytes_at(fs::path folder) {
  std::error_code error;
  while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  struct statvfs status {};
  if (statvfs(folder.c_str(), &status) != 0) return 0;
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

State look(const fs::path& data_dir, const base::Clock& clock) {
  State state;
  state.addresses = addresses();
  state.forwarding = forwarding_interfaces();
  state.clock_synchronised = clock_synchronised();
  state.now = clock.wall();
  state.free_bytes = free_bytes_at(data_dir);
  std::error_code error;
  state.has_lid = fs::exists("/proc/acpi/button/lid", error);
  if (const auto manager = lib::logind::Manager::connect())
    if (auto policy = manager->policy()) state.sleep = *policy;
  return state;
}

}  // namespace hub::machine
