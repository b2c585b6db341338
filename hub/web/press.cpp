#include "hub/web/press.h"

#include "hub/web/host_names.h"

#include <charconv>
#include <optional>
#include <utility>

namespace hub::web {

using base::Errc;
using base::Failure;

Press::Press(lib::glib::Loop& main, const Settings& web, const reports::WifiSettings& wifi)
    : main_{main}, web_{web}, wifi_{wifi} {}

Press::~Press() {
  *alive_ = false;
  thread_.stop();
}

void Press::print(Make make, Then then) {
  if (waiting_ >= kMost) return then(Failure{Errc::Busy, "too many pages are being made"});
  ++waiting_;
  thread_.post([this, alive = alive_, make = std::move(make), then = std::move(then)]() mutable {
    std::optional<base::Result<std::string>> made;
    try {
      made.emplace(make());
    } catch (const base::Error& error) {
      made.emplace(error.failure());
    }
    main_.post([this, alive = std::move(alive), then = std::move(then), made = std::move(*made)] {
      if (!*alive) return;
      --waiting_;
      then(made);
    });
  });
}

std::string Press::address(std::string_view host) const {
  auto port = web_.port;
  if (port == 0) {
    const auto parsed = parse_host(host);
    port = 80;
    if (parsed) std::from_chars(parsed->port.data(), parsed->port.data() + parsed->port.size(), port);
  }
  const auto urls = phone_urls(web_.address, port);
  return urls.empty() ? std::string{} : urls.front();
}

}  // namespace hub::web
