#include "hub/web/attendance_routes.h"

#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/identity.h"
#include "hub/web/services.h"
#include "tests/support/catch.h"
#include "tests/unit/web/handlers.h"

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
  std::string device, wanted_session;
  int asked = 0;  ///< codes
  ExportRequest request;
  Me mine;

  void sign_in(Arrival wanted, std::string token, Then<SignedIn> then) override {
    form = wanted.form;
    wanted_session = wanted.session;
    device = std::move(token);
    SignedIn done;
    if (!wanted.kiosk) done.device = "cafe";
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
  void sign_in_again(std::string token, std::string wanted, std::string, Then<SignedInAgain> then) override {
    wanted_session = std::move(wanted);
    Person awa;
    awa.ref = "p-1";
    awa.form.name = "Awa";
    answer(then, SignedInAgain{std::move(token), {awa}, current("fr"), {}});
  }
  void recover(std::string code, Then<Recovered> then) override {
    ++asked;
    if (code != "k7p m4t" && code != "K7PM4T")
      return then(base::Failure{base::Errc::NotAuthorised, "no such code"});
    Recovered found;
    found.device = "cafe";
    found.me.code = "K7PM4T";
    answer(then, found);
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

using Routes = test::Routes<FakeRegister>;
using test::header;

}  // namespace

TEST_CASE("sign-in answers 201 with the person, the session and the cookie") {
  Routes routes;
  const auto response = routes.post(
      sign_in, R"({"name":" Awa  Traoré","member":"yes","first_time":true,"consent":true})", "fr");
  CHECK(response.status == 201);
  const auto body = base::Json::parse(response.body);
  CHECK(body.at("person") ==
        base::Json::parse(
            R"({"ref":"p-1","name":"Awa Traoré","affiliation":null,"contact":null,"contact_ok":false,
                "member":"yes","first_time":true,"gender":null,"status":null,"answers":{},"anonymous":false})"));
  CHECK(body.at("session").at("id") == "local:2027-01-15");
  CHECK(body.at("session").at("state") == "open");
  CHECK(body.at("signed_in_at") == "2027-01-15T08:00:00.000Z");
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

TEST_CASE("a fault of the register is told to people in their language, without its details") {
  struct Case {
    base::Errc code;
    int status;
    const char *french, *english;
  };
  const Case cases[] = {{base::Errc::Busy, 503, "Réessayez", "Try again"},
                        {base::Errc::Io, 500, "l'hôte", "the host"}};
  for (const auto& c : cases)
    for (const auto handler :
         {sign_in, sign_in_again, sign_out, me, erase_me, attendance_summary, attendance_export})
      for (const bool french : {true, false}) {
        Routes routes;
        routes.reg.failure = base::Failure{c.code, "SQL details"};
        const auto response = routes.post(handler, R"({"anonymous":true})", french ? "fr" : "en");
        CHECK(response.status == c.status);
        CHECK_THAT(response.body, Catch::Contains(french ? c.french : c.english) && !Catch::Contains("SQL"));
        CHECK(header(response, "Set-Cookie").empty());
      }
}

TEST_CASE("what the register says of a request is for people and goes out as it is") {
  const std::pair<base::Errc, int> cases[] = {{base::Errc::Invalid, 400},
                                              {base::Errc::NotFound, 404},
                                              {base::Errc::Conflict, 409},
                                              {base::Errc::TooLarge, 413}};
  for (const auto& [code, status] : cases) {
    Routes routes;
    routes.reg.failure = base::Failure{code, "Cette session est finie : choisissez-en une autre."};
    const auto response = routes.post(sign_in, R"({"anonymous":true})", "fr");
    CHECK(response.status == status);
    CHECK(base::Json::parse(response.body).at("error") == routes.reg.failure->text);
  }
}

TEST_CASE("a tablet at the door neither uses nor sets a cookie") {
  Routes routes;
  const auto response = routes.post(sign_in, R"({"name":"Awa","consent":true,"kiosk":true,"session":"s-1"})");
  CHECK(response.status == 201);
  CHECK(routes.reg.device.empty());
  CHECK(header(response, "Set-Cookie").empty());
  CHECK(routes.reg.wanted_session == "s-1");
}

TEST_CASE("everybody of a device is here again") {
  Routes routes;
  const auto response = routes.post(sign_in_again, R"({"session":"127-dnsop"})");
  CHECK(response.status == 201);
  const auto body = base::Json::parse(response.body);
  CHECK(body.at("persons")[0].at("name") == "Awa");
  CHECK(body.at("session").at("id") == "local:2027-01-15");
  CHECK(routes.reg.wanted_session == "127-dnsop");
  CHECK_THAT(header(response, "Set-Cookie"), Catch::StartsWith("vh_device=old; Max-Age=1209600;"));
  CHECK(routes.post(sign_in_again, R"({"session":7})").status == 400);
}

TEST_CASE("a code brings the cookie back, and guessing is slowed down") {
  Routes routes;
  const auto right = routes.post(sign_in_by_code, R"({"code":" k7p m4t "})");
  CHECK(right.status == 200);
  CHECK_THAT(header(right, "Set-Cookie"), Catch::StartsWith("vh_device=cafe; Max-Age=1209600;"));
  CHECK(base::Json::parse(right.body).at("code") == "K7PM4T");
  CHECK(routes.post(sign_in_by_code, R"({"code":""})").status == 400);
  CHECK(routes.post(sign_in_by_code, R"({"code":["K7PM4T"]})").status == 400);

  const auto guess = [&](const std::string& code) {
    const auto response = routes.post(sign_in_by_code, R"({"code":")" + code + R"("})", "fr");
    if (response.status != 401) return -response.status;
    const auto body = base::Json::parse(response.body);
    CHECK(body.at("code") == "not_authorised");
    return body.value("retry_after_s", 0);
  };
  for (int i = 0; i < 4; ++i) CHECK(guess("WRONG1") == 0);
  CHECK(guess("WRONG1") == 1);
  routes.reg.asked = 0;
  CHECK(guess("K7PM4T") == 1);  // not even looked at
  CHECK(routes.reg.asked == 0);
  routes.clock.advance(std::chrono::seconds{1});
  CHECK(guess("WRONG1") == 2);
  routes.clock.advance(std::chrono::seconds{2});
  CHECK(guess("K7PM4T") == -200);
}

TEST_CASE("guesses of many addresses are few together") {
  base::ManualClock clock;
  Guesses guesses{clock};
  int looked_at = 0;
  const auto hour_of = [&](auto&& each) {
    for (int second = 0; second < 3600; ++second) {
      each(second);
      clock.advance(std::chrono::seconds{1});
    }
  };
  hour_of([&](int second) {
    if (!guesses.begin("10.0.0." + std::to_string(second % 250))) ++looked_at;
  });
  CHECK(looked_at >= 360);
  CHECK(looked_at <= 380);
  // Who owns a code cannot buy more guesses with it.
  looked_at = 0;
  hour_of([&](int) {
    if (!guesses.begin("10.0.1.1")) guesses.forgive("10.0.1.1");
    if (!guesses.begin("10.0.1.1")) ++looked_at;
  });
  CHECK(looked_at <= 380);
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
  CHECK(routes.post(me, "").body == R"({"code":null,"persons":[],"present":false})");
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
  // A language that only the page speaks: the file is made all the same (its headings in English).
  routes.identity.languages = {"pt", "fr"};
  request.query = {};
  CHECK(routes.call(attendance_export, request).status == 200);
  CHECK(routes.reg.request.language == "pt");
}
