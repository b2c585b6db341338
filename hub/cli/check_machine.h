#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/machine/state.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What `viewing-hub check` asks of the machine. Each function looks at one thing, changes nothing, and says
/// what to do about it.
namespace hub::cli {

/// One line of the command's output.
struct Finding {
  enum class Grade { Ok, Warning, Failed } grade = Grade::Ok;
  std::string subject;  ///< "Port 8080"
  std::string text;     ///< what was found, and after it what to do
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Picks the sentence of the language asked: "fr", else English.
class Words {
 public:
  explicit Words(std::string_view language) : french_{language == "fr"} {}
  [[nodiscard]] const char* operator()(const char* french, const char* english) const noexcept {
    return french_ ? french : english;
  }

 private:
  bool french_;
};

/// Whether @p address:@p port can be bound. If a hub answers /healthz there, that is a warning: it is
/// running.
[[nodiscard]] Finding check_port(const std::string& address, std::uint16_t port, const Words& say);
/// Whether the hub can keep its records in @p folder, or make it: a folder, writable, nobody else's, closed
/// to others.
[[nodiscard]] Finding check_data_dir(const std::filesystem::path& folder, const Words& say);
/// @param free_bytes  on the disk of the data folder. Under machine::kDiskWarnBytes is a warning, under 50 MB
/// fails.
[[nodiscard]] Finding check_disk(std::uint64_t free_bytes, const Words& say);
/// @param synchronised  as machine::clock_synchronised() says.
[[nodiscard]] Finding check_clock(base::Wall now, bool synchronised, const Words& say);
/// What machine::warnings() adds to the checks of this file, which speak of clock, disk and network
/// themselves.
[[nodiscard]] std::vector<Finding> check_surroundings(const machine::State& state, const Words& say);
/// @param addresses  of this machine on its networks; the phones need one.
[[nodiscard]] Finding check_addresses(const std::vector<std::string>& addresses, std::uint16_t port,
                                      const Words& say);
/// @param report  what `viewing-hub-worker --probe` wrote:
/// {"missing":[{"element":"x264enc","package":"gstreamer1.0-plugins-ugly"},…]}; other keys do not matter.
[[nodiscard]] Finding check_plugins(const base::Result<std::string>& report, const Words& say);

}  // namespace hub::cli
