#pragma once
#include <string>
#include <vector>

namespace hub::machine {

/// An address of this machine in a network, without loopback and link-local ones.
struct Address {
  std::string text;       ///< "192.168.1.20", "2001:db8::7"
  std::string interface;  ///< "wlp3s0"
  bool v6 = false;
  bool dynamic = false;  ///< lent for a time (DHCP, router advertisement), so it may be another one tomorrow
  friend bool operator==(const Address&, const Address&) = default;
};

/// What the kernel has now, IPv4 first; empty if it cannot be asked. Takes well under 1 ms. Thread-safe.
/// Source: rtnetlink(7), RTM_GETADDR; getifaddrs(3) does not tell which are lent.
[[nodiscard]] std::vector<Address> addresses();

}  // namespace hub::machine
