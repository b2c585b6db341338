#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace hub::web {

/// Section `[web]`.
struct Settings {
  std::string address = "0.0.0.0";      ///< from `listen = "address:port"`
  std::uint16_t port = 8080;            ///< 0 takes a free one (tests)
  std::vector<std::string> names;       ///< further Host names that are right for this hub
  std::uint32_t lan_max_kbps = 15'000;  ///< `[lan] max_kbps`: past it no more pictures; 0: no limit
  bool loopback_console = true;         ///< the console opens without passphrase on the machine itself
  std::uint32_t threads = 2;            ///< web threads, 1 to 16
  std::uint32_t max_connections = 4000;
  std::uint32_t max_connections_per_address = 2000;
};

}  // namespace hub::web
