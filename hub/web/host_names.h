#pragma once
#include "hub/base/clock.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hub::web {

/// Splits a Host header; nothing if it is malformed. The host comes back lower case, an IPv6 literal without
/// its brackets. Source: RFC 9110, 7.2.
struct HostPort {
  std::string host;
  std::string port;  ///< digits or empty
};
[[nodiscard]] std::optional<HostPort> parse_host(std::string_view header);
[[nodiscard]] bool is_loopback_name(std::string_view host);
/// @p address as the kernel prints it; an IPv4-mapped IPv6 address counts as loopback with its IPv4 part.
[[nodiscard]] bool is_loopback_address(std::string_view address);

/// Which Host headers are this hub's: its current addresses, localhost, <hostname>.local and the names of the
/// config. Against DNS rebinding, where a page of another site gets its own name to point here. Thread-safe.
class HostNames {
 public:
  HostNames(std::vector<std::string> names, const base::Clock& clock);
  [[nodiscard]] bool allows(std::string_view host);
  /// Addresses of the interfaces that are up, without loopback and link-local ones; IPv4 first.
  [[nodiscard]] static std::vector<std::string> lan_addresses();

 private:
  std::set<std::string, std::less<>> names_;  // never changes
  const base::Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::set<std::string, std::less<>> addresses_;
  base::Mono read_at_{};
};

/// What to type into a browser in the room, best first: "http://192.168.1.20:8080". Empty without network.
/// @param listen  the address of the config: that one only, unless it stands for all.
[[nodiscard]] std::vector<std::string> phone_urls(const std::string& listen, std::uint16_t port);

}  // namespace hub::web
