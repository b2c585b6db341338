#include "hub/web/attendance_routes.h"

#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/identity.h"
#include "hub/web/services.h"
#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <algorithm>
#include <optional>
#include <utility>

using namespace hub;
using namespace hub::web;
using attendance::Register;

namespace {

/// A register that answers what the test says, and remembers what it was asked.
class FakeRegister final : public test::SilentRegister {
 public:
  std::optional<base::Failure> failure;
  std::optional<attendance::SignIn> form;
  std::string device;
  ExportRequest request;
  Me mine;

  void sign_in(Arrival wanted, std::string token, Then<SignedIn> then) override {
    form = wanted.form;
    device = std::move(token);
    SignedIn done;
    done.device = "cafe";
    done.person = {"p-1", std::move(wanted.form), base::Wall{std::chrono::seconds{1'800'000'000}}};
    done.session = current("fr");
    done.at = done.person.consent_at;
    answer(then, done);
  }
  void sign_out(std::string token, Then<int> then) override {
    device = std::move(token);
    answer(then, 2);
  }
  void me(std::string token, Then<Me> then) override {
    device = std::move(token);
    answer(then, mine);
  }
  void erase(std::string token, Then<int> then) override {
    device = std::move(token);
    answer(then, 1);
  }
  [[nodiscard]] bool knows(std::string_view) const override { return true; }
  void summary(std::string, std::string, Then<Summary> then) override {
    SessionSummary session;
    session.session = current("fr");
    session.figures.named = 3;
    session.figures.anonymous = 2;
    session.present = 1;
    Summary summary;
    summary.sessions.push_back(session);
    answer(then, summary);
  }
  void export_(ExportRequest wanted, Then<Exported> then) override {
    request = std::move(wanted);
    answer(then, Exported{"text/csv; charset=utf-8", "attendance-2027-01-15.csv", "bytes"});
  }

 private:
  template <class T>
  void answer(const Then<T>& then, T value) {
    if (failure)
      then(*failure);
    else
      then(std::move(value));
  }
};

class Routes {
 public:
  FakeRegister reg;
  base::Identity identity;

  Response call(Handler handler, Request request) {
    if (request.language.empty()) request.language = "en";
    std::optional<Response> response;
    handler(services_, request, [&](Response answer) {
      REQUIRE_FALSE(response);
      response = std::move(answer);
    });
    REQUIRE(response);
    return std::move(*response);
  }
  Response post(Handler handler, std::string body, std::string language = "en") {
    Request request;
    request.method = Method::Post;
    request.body = std::move(body);
    request.language = std::move(language);
    request.device_token = "old";
    return call(handler, request);
  }

 private:
  // These handlers use the register and the identity only; the rest is there because Services has it.
  base::ManualClock clock_;
  lib::glib::Loop main_;
  attendance::Settings privacy_;
  test::FakeManager manager_;
  test::FakeSecrets secrets_;
  Auth auth_{secrets_, clock_, main_, test::kCheapHash};
  FaultReports reports_;
  Audience audience_{clock_, reg};
  Stats stats_{clock_};
  Settings web_;
  reports::WifiSettings wifi_;
  Press press_{main_, web_, wifi_};
  Services services_{identity, privacy_, clock_, manager_, reg, auth_, reports_, audience_, stats_, press_};
};

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

}  // namespace

TEST_CASE("sign-in answers 201 with the person, the session and the cookie") {
  Routes routes;
  const auto response = routes.post(
      sign_in, R"({"name":" Awa  Traoré","member":"yes","first_time":true,"consent":true})", "fr");
  CHECK(response.status == 201);
  CHECK(base::Json::parse(response.body) ==
        base::Json::parse(
            R"({"person":{"ref":"p-1","name":"Awa Traoré","affiliation":null,"contact":null,"member":"yes",
                          "first_time":true,"anonymous":false},
                          "session":{"id":"local:2027-01-15","title":"15 janvier"},
                          "signed_in_at":"2027-01-15T08:00:00.000Z"})"));
  CHECK(header(response, "Set-Cookie") ==
        "vh_device=cafe; Max-Age=1209600; Path=/; HttpOnly; SameSite=Strict");
  CHECK(routes.reg.device == "old");
  CHECK(routes.reg.form->consent_version == attendance::kConsentVersion);
  CHECK(routes.reg.form->consent_language == "fr");
}

TEST_CASE("an anonymous sign-in has a reference only") {
  Routes routes;
  const auto response = routes.post(sign_in, R"({"anonymous":true})");
  CHECK(response.status == 201);
  CHECK(base::Json::parse(response.body).at("person") == base::Json{{"ref", "p-1"}, {"anonymous", true}});
}

TEST_CASE("a wrong form is 400 in the language asked, and nothing is recorded") {
  Routes routes;
  const auto response = routes.post(sign_in, R"({"name":"Awa"})", "fr");
  CHECK(response.status == 400);
  CHECK(base::Json::parse(response.body).at("code") == "invalid");
  CHECK_THAT(base::Json::parse(response.body).at("error").get<std::string>(), Catch::Contains("Cochez"));
  CHECK_FALSE(routes.reg.form);
}

TEST_CASE("a register that fails is told to people in their language, without its details") {
  struct Case {
    base::Errc code;
    int status;
    const char *french, *english;
  };
  const Case cases[] = {{base::Errc::Busy, 503, "Réessayez", "Try again"},
                        {base::Errc::TooLarge, 413, "appareil", "device"},
                        {base::Errc::NotFound, 404, "session", "session"},
                        {base::Errc::Io, 500, "l'hôte", "the host"}};
  for (const auto& c : cases)
    for (const auto handler : {sign_in, sign_out, me, erase_me, attendance_summary, attendance_export})
      for (const bool french : {true, false}) {
        Routes routes;
        routes.reg.failure = base::Failure{c.code, "SQL details"};
        const auto response = routes.post(handler, R"({"anonymous":true})", french ? "fr" : "en");
        CHECK(response.status == c.status);
        CHECK_THAT(response.body, Catch::Contains(french ? c.french : c.english) && !Catch::Contains("SQL"));
        CHECK(header(response, "Set-Cookie").empty());
      }
}

TEST_CASE("sign-out, erase and summary") {
  Routes routes;
  CHECK(routes.post(sign_out, "{}").body == R"({"signed_out":2})");
  const auto erased = routes.post(erase_me, "");
  CHECK(erased.body == R"({"erased":1})");
  CHECK_THAT(header(erased, "Set-Cookie"), Catch::StartsWith("vh_device=; Max-Age=0;"));
  const auto summary = base::Json::parse(routes.post(attendance_summary, "").body);
  const auto& session = summary.at("sessions")[0];
  CHECK(session.at("id") == "local:2027-01-15");
  CHECK(session.at("named") == 3);
  CHECK(session.at("anonymous") == 2);
  CHECK(session.at("present") == 1);
}

TEST_CASE("me shows the consent and where somebody was") {
  Routes routes;
  CHECK(routes.post(me, "").body == R"({"persons":[],"present":false})");
  Register::Me::Entry awa;
  awa.person.ref = "p-1";
  awa.person.form.name = "Awa";
  awa.person.form.consent_version = "2026-11";
  awa.person.form.consent_language = "fr";
  awa.attendance.push_back({"local:2027-01-15", false, {}, base::Wall{std::chrono::seconds{60}}, 60});
  routes.reg.mine.persons.push_back(awa);
  routes.reg.mine.present = true;
  const auto mine = base::Json::parse(routes.post(me, "").body);
  CHECK(mine.at("present") == true);
  CHECK(mine.at("persons")[0].at("consent").at("language") == "fr");
  CHECK(mine.at("persons")[0].at("attendance")[0] ==
        base::Json::parse(
            R"({"session_id":"local:2027-01-15","basis":"measured","first_in":"1970-01-01T00:00:00.000Z",
                          "last_out":"1970-01-01T00:01:00.000Z","seconds":60})"));
}

TEST_CASE("the export follows the query, else the hub's first language") {
  Routes routes;
  Request request;
  auto response = routes.call(attendance_export, request);
  CHECK(response.status == 200);
  CHECK(response.body == "bytes");
  CHECK(response.content_type == "text/csv; charset=utf-8");
  CHECK(header(response, "Content-Disposition") == "attachment; filename=\"attendance-2027-01-15.csv\"");
  CHECK(header(response, "Cache-Control") == "no-store");
  CHECK(routes.reg.request.format == "csv");
  CHECK(routes.reg.request.language == "fr");
  request.query = {{"format", "json"}, {"lang", "en"}, {"session", "s"}};
  static_cast<void>(routes.call(attendance_export, request));
  CHECK(routes.reg.request.format == "json");
  CHECK(routes.reg.request.language == "en");
  CHECK(routes.reg.request.session == "s");
  request.query = {{"format", "xlsx"}};
  CHECK(routes.call(attendance_export, request).status == 400);
  request.query = {{"lang", "de"}};
  CHECK(routes.call(attendance_export, request).status == 400);
}
