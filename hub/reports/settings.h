#pragma once
#include <string>

namespace hub::reports {

/// Section `[wifi]`: the network that phones join, for the poster.
struct WifiSettings {
  enum class Security { Wpa, Wep, None };
  std::string ssid;                   ///< its name, at most 32 bytes; empty: not said
  std::string password;               ///< empty with Security::None
  Security security = Security::Wpa;  ///< Wpa is WPA2 and WPA3 as well
  bool hidden = false;                ///< the network does not tell its name
};

}  // namespace hub::reports
