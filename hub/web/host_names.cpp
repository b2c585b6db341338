#include "hub/web/host_names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

namespace hub::web {
namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string printed(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, address, text.data(), text.size()) ? text.data() : "";
}

template <class Visit>
void each_address(Visit visit) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  for (const ifaddrs* item = list; item; item = item->ifa_next) {
    if (!item->ifa_addr || !(item->ifa_flags & IFF_UP)) continue;
    if (item->ifa_addr->sa_family == AF_INET) {
      // The kernel hands out sockaddr_in behind sockaddr: the one cast that this API leaves.
      const auto* in = reinterpret_cast<const sockaddr_in*>(item->ifa_addr);
      visit(printed(AF_INET, &in->sin_addr), AF_INET, item->ifa_flags, false);
    } else if (item->ifa_addr->sa_family == AF_INET6) {
      const auto* in = reinterpret_cast<const sockaddr_in6*>(item->ifa_addr);
      visit(printed(AF_INET6, &in->sin6_addr), AF_INET6, item->ifa_flags,
            IN6_IS_ADDR_LINKLOCAL(&in->sin6_addr));
    }
  }
  freeifaddrs(list);
}

std::string url(const std::string& address, std::uint16_t port) {
  const bool v6 = address.find(':') != std::string::npos;
  const auto host = v6 ? "[" + address + "]" : address;
  return port == 80 ? "http://" + host : fmt::format("http://{}:{}", host, port);
}

}  // namespace

std::optional<HostPort> parse_host(std::string_view header) {
  HostPort out;
  std::string_view rest;
  if (header.starts_with('[')) {
    const auto end = header.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.host = lower(header.substr(1, end - 1));
    rest = header.substr(end + 1);
  } else {
    const auto end = std::min(header.find(':'), header.size());
    out.host = lower(header.substr(0, end));
    rest = header.substr(end);
  }
  if (out.host.empty() || out.host.size() > 253) return std::nullopt;
  const bool clean = std::all_of(out.host.begin(), out.host.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == ':' || c == '_';
  });
  if (!clean) return std::nullopt;
  if (!rest.empty()) {
    out.port = rest.substr(1);
    const bool digits =
        std::all_of(out.port.begin(), out.port.end(), [](unsigned char c) { return std::isdigit(c); });
    if (rest.front() != ':' || out.port.empty() || out.port.size() > 5 || !digits) return std::nullopt;
  }
  if (out.host.size() > 1 && out.host.ends_with('.')) out.host.pop_back();  // a fully qualified "hub.local."
  return out;
}

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

bool is_loopback_address(std::string_view address) {
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  return address == "::1" || address.starts_with("127.");
}

HostNames::HostNames(std::vector<std::string> names, const base::Clock& clock) : clock_{clock} {
  for (const auto& name : names) names_.insert(lower(name));
  names_.insert({"localhost", "127.0.0.1", "::1"});
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0') {
    const auto own = lower(host.data());
    names_.insert(own.substr(0, own.find('.')) + ".local");
  }
}

bool HostNames::allows(std::string_view host) {
  if (names_.contains(host)) return true;
  const std::lock_guard lock{mutex_};
  // The machine may have joined another network: an address that we do not know may be new, and one that we
  // know may be gone. One look per second or two, so that a flood of requests costs nothing.
  const auto now = clock_.mono();
  const bool known = addresses_.contains(host);
  if (read_at_ != base::Mono{} && now - read_at_ < std::chrono::seconds{known ? 2 : 1}) return known;
  read_at_ = now;
  addresses_.clear();
  each_address([&](const std::string& address, int, unsigned, bool) { addresses_.insert(address); });
  return addresses_.contains(host);
}

std::vector<std::string> HostNames::lan_addresses() {
  std::vector<std::string> v4;
  std::vector<std::string> v6;
  each_address([&](const std::string& address, int family, unsigned flags, bool link_local) {
    if ((flags & IFF_LOOPBACK) || link_local) return;
    (family == AF_INET ? v4 : v6).push_back(address);
  });
  v4.insert(v4.end(), v6.begin(), v6.end());
  return v4;
}

std::vector<std::string> phone_urls(const std::string& listen, std::uint16_t port) {
  if (listen != "0.0.0.0" && listen != "::") return {url(listen, port)};
  std::vector<std::string> out;
  for (const auto& address : HostNames::lan_addresses())
    if (listen == "::" || address.find(':') == std::string::npos) out.push_back(url(address, port));
  return out;
}

}  // namespace hub::web
