#pragma once
#include "hub/agenda/settings.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
#include "hub/web/route.h"
#include "hub/web/services.h"
#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <optional>
#include <string>
#include <utility>

namespace hub::test {

/// Calls handlers without a server; @p Register is the test's own.
template <class Register>
class Routes {
 public:
  Register reg;
  base::Identity identity;
  base::ManualClock clock;
  attendance::Settings settings;

  web::Response call(web::Handler handler, web::Request request) {
    if (request.language.empty()) request.language = "en";
    std::optional<web::Response> response;
    handler(services_, request, [&](web::Response answer) {
      REQUIRE_FALSE(response);
      response = std::move(answer);
    });
    REQUIRE(response);
    return std::move(*response);
  }
  web::Response post(web::Handler handler, std::string body, std::string language = "en",
                     std::map<std::string, std::string> captures = {}) {
    web::Request request;
    request.method = web::Method::Post;
    request.body = std::move(body);
    request.language = std::move(language);
    request.device_token = "old";
    request.peer = "10.0.0.9";
    request.captures = std::move(captures);
    return call(handler, request);
  }

  FakeManager manager;

 private:
  // The rest is there because Services has it.
  lib::glib::Loop main_;
  FakeSecrets secrets_;
  web::Auth auth_{secrets_, clock, main_, kCheapHash};
  web::FaultReports reports_;
  web::Audience audience_{clock, reg};
  web::Stats stats_{clock};
  FakeShelf shelf_;
  web::Notices notices_;
  web::Settings web_;
  web::Admission admission_{0};
  reports::WifiSettings wifi_;
  web::Press press_{main_, web_, wifi_};
  machine::Report machine_;
  agenda::Settings ietf_;
  web::Services services_{identity, settings, clock,    manager,    reg,    auth_,    reports_, audience_,
                          stats_,   shelf_,   notices_, admission_, press_, machine_, ietf_};
};

inline std::string header(const web::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

}  // namespace hub::test
