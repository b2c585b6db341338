#include "hub/app/recordings.h"

#include "hub/base/child.h"
#include "hub/base/json.h"
#include "hub/channels/spawn.h"
#include "hub/web/host_names.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hub::app {
namespace {

using namespace std::chrono_literals;

/// Copying a whole day takes a few minutes on a slow disk; the worker itself ends when nothing moves.
constexpr auto kLongestRemux = 2h;

base::Status remux(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output) {
  std::vector<std::string> argv{channels::find_worker_program(), "--remux", output.string(), "--from"};
  for (const auto& input : inputs) argv.push_back(input.string());
  const auto text = base::output_of(argv, kLongestRemux);
  if (!text) return text.error();
  const auto json = base::parse_json(*text);
  if (!json) return base::Failure{base::Errc::Internal, "the worker did not say how it went"};
  if (base::bool_at(*json, "ok") == true) return base::ok();
  return base::Failure{
      base::errc_from(base::string_at(*json, "code").value_or("")).value_or(base::Errc::Internal),
      base::string_at(*json, "error").value_or("the worker gave no reason")};
}

}  // namespace

recordings::Surroundings fetch_surroundings(const config::File& settings, const base::Clock& clock) {
  recordings::Surroundings around;
  around.is_this_hub = [hosts = std::make_shared<web::HostNames>(settings.web.names, clock),
                        port = settings.web.port](const lib::glib::WebAddress& address) {
    return address.port == port && (web::is_loopback_address(address.host) || hosts->allows(address.host));
  };
  around.remux = remux;
  return around;
}

}  // namespace hub::app
