#include "hub/web/route.h"
#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <algorithm>
#include <string>

using namespace hub;
using namespace hub::web;
using test::Fixture;

namespace {

/// A server on which loopback is not the host by itself.
Fixture& strict() {
  static Fixture fixture{{}, Fixture::local(), {false, 1, 8192}};
  static const bool ready = [] {
    fixture.on_main([] {
      fixture.auth->set_passphrase(Role::Host, "bako-lumi-tare");
      fixture.auth->set_passphrase(Role::Organizer, "sefa-nido-pola");
      fixture.people.known.insert("phone");
    });
    return true;
  }();
  static_cast<void>(ready);
  return fixture;
}

std::string filled(std::string_view pattern) {
  std::string path{pattern};
  for (const std::string_view name : {"{id}", "{ref}"})
    if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), "room-1");
  return path;
}

}  // namespace

TEST_CASE("every route asks for its role") {
  auto& hub = strict();
  const auto host = hub.login("bako-lumi-tare");
  const auto organizer = hub.login("sefa-nido-pola");
  REQUIRE(host.starts_with("vh_session="));
  REQUIRE(organizer.starts_with("vh_session="));
  struct Who {
    std::string name, cookie, headers;
  };
  // From another machine, as far as the server can tell: a proxy header takes the console's privilege away.
  const std::string away = "X-Forwarded-For: 10.0.0.9\r\n";
  const std::vector<Who> everybody{{"stranger", "", away},
                                   {"attendee", "vh_device=phone", away},
                                   {"organizer", organizer, away},
                                   {"host", host, away},
                                   {"machine", "", ""}};
  const auto may = [](Role role, const std::string& who) {
    switch (role) {
      case Role::All:
        return true;
      case Role::Attendee:
        return who == "attendee";
      case Role::Organizer:
        return who == "organizer" || who == "host";
      case Role::Host:
        return who == "host";
      case Role::Machine:
        return who == "host" || who == "machine";
    }
    return false;
  };
  for (const auto& route : routes()) {
    if (route.pattern == "/api/v1/logout" || route.pattern == "/api/v1/login")
      continue;  // would end the session
    for (const auto& who : everybody) {
      constexpr std::array kMethods{"GET", "POST", "PUT", "DELETE"};
      CAPTURE(route.pattern, who.name);
      const auto answer =
          hub.ask({kMethods[static_cast<std::size_t>(route.method)], filled(route.pattern),
                   route.method == Method::Post || route.method == Method::Put ? "{}" : "",
                   who.headers + (who.cookie.empty() ? "" : "Cookie: " + who.cookie + "\r\n")});
      CHECK(answer.status != 0);
      CHECK((answer.status != 401) == may(route.role, who.name));
    }
  }
}

TEST_CASE("the machine itself is the host unless the config says otherwise") {
  Fixture hub;
  CHECK(hub.ask({"GET", "/api/v1/session"}).body == R"({"role":"host"})");
  CHECK(hub.ask({"GET", "/api/v1/session", "", "", "localhost"}).body == R"({"role":"host"})");
  for (const char* header : {"Forwarded: for=10.0.0.9\r\n", "X-Forwarded-For: 10.0.0.9\r\n",
                             "x-forwarded-proto: http\r\n", "X-Real-IP: 10.0.0.9\r\n"})
    CHECK(hub.ask({"GET", "/api/v1/session", "", header}).body == R"({"role":null})");
  CHECK(strict().ask({"GET", "/api/v1/session"}).body == R"({"role":null})");
}

TEST_CASE("the host page is for all, what it asks for is not") {
  auto& hub = strict();
  const auto page = hub.ask({"GET", "/console"});
  CHECK(page.status == 200);
  CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(page.headers.at("cache-control") == "no-cache");
  CHECK(page.headers.at("x-frame-options") == "DENY");
  CHECK(page.headers.at("x-content-type-options") == "nosniff");
  const auto& policy = page.headers.at("content-security-policy");
  CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(hub.ask({"GET", "/console", "", "If-None-Match: \"ghi\"\r\n"}).status == 304);
  CHECK(hub.ask({"POST", "/console", "{}"}).status == 405);
  CHECK(hub.ask({"GET", "/api/v1/host/desk"}).status == 401);
  for (const char* path :
       {"/console/", "/console/x", "/console.html", "/Console", "/kiosk", "/console%2f", "//console"})
    CHECK(hub.ask({"GET", path}).status / 100 == 4);
  CHECK(hub.ask({"GET", "/console/x"}).status == 404);
}

TEST_CASE("login and logout") {
  auto& hub = strict();
  const auto wrong =
      hub.ask({"POST", "/api/v1/login", R"({"passphrase":"nope"})", "Accept-Language: en\r\n"});
  CHECK(wrong.status == 401);
  CHECK(base::Json::parse(wrong.body)["error"] == "That is not the passphrase.");
  const auto right = hub.ask({"POST", "/api/v1/login", R"({"passphrase":"bako-lumi-tare"})"});
  CHECK(right.status == 200);
  CHECK(right.body == R"({"role":"host"})");
  CHECK(right.cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"));
  const auto cookie = "Cookie: " + right.cookie.substr(0, right.cookie.find(';')) + "\r\n";
  CHECK(hub.ask({"GET", "/api/v1/session", "", cookie}).body == R"({"role":"host"})");
  CHECK(hub.ask({"POST", "/api/v1/logout", "{}", cookie}).status == 200);
  CHECK(hub.ask({"GET", "/api/v1/session", "", cookie}).body == R"({"role":null})");
}

TEST_CASE("the shapes of API.md") {
  Fixture hub;
  const auto health = base::Json::parse(hub.ask({"GET", "/healthz"}).body);
  CHECK(health["status"] == "ok");
  CHECK(health["version"].is_string());
  CHECK(health["uptime_s"].is_number_integer());

  const auto info = base::Json::parse(hub.ask({"GET", "/api/v1/hub?lang=en"}).body);
  for (const char* key : {"name", "languages", "language", "time_zone", "country", "meeting", "now",
                          "note_well_url", "consent_version", "sign_in", "session"})
    CHECK(info.contains(key));
  CHECK(info["language"] == "en");
  CHECK(info["session"]["id"] == "local:2027-01-15");

  const auto channel = base::Json::parse(hub.ask({"GET", "/api/v1/channels"}).body).at(0);
  CHECK(channel["id"] == "room-1");
  CHECK(channel["state"] == "live");
  CHECK(channel["reason"].is_null());
  CHECK(channel["kind"] == "video");
  CHECK(channel["hls"] == "/hls/room-1/master.m3u8");
  CHECK(channel["listen"] == "/hls/room-1/audio.m3u8");
  CHECK(channel["audio"]["mp3"] == "/audio/room-1.mp3");
  CHECK(channel["viewers"] == 0);

  CHECK(hub.ask({"POST", "/api/v1/host/channels/room-1/stop", "{}"}).status == 200);
  const auto stopped = base::Json::parse(hub.ask({"GET", "/api/v1/channels"}).body).at(0);
  CHECK(stopped["state"] == "idle");
  CHECK(hub.ask({"POST", "/api/v1/host/channels/nope/start", "{}"}).status == 404);

  const auto metrics = hub.ask({"GET", "/metrics"});
  CHECK(metrics.headers.at("content-type").starts_with("text/plain"));
  CHECK(metrics.body.find("hub_channel_live{channel=\"room-1\"} 0\n") != std::string::npos);
}

TEST_CASE("fault reports go to the host, newest first, two hundred at most") {
  Fixture hub;
  auto client = hub.client();
  for (int i = 1; i <= 205; ++i) {
    const auto answer = client.ask(
        {"POST", "/api/v1/reports",
         R"({"channel":"room-1","symptom":"no_sound","text":"<b>","player":{"mode":"video","errors":["x"]}})"});
    REQUIRE(answer.status == 201);
    REQUIRE(answer.body == R"({"id":)" + std::to_string(i) + "}");
  }
  const auto list = base::Json::parse(hub.ask({"GET", "/api/v1/host/reports"}).body);
  REQUIRE(list.size() == 200);
  CHECK(list[0]["id"] == 205);
  CHECK(list[0]["player"]["errors"][0] == "x");
  CHECK(client.ask({"POST", "/api/v1/reports", R"({"symptom":"bored"})"}).status == 400);
}
