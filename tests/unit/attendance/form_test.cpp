#include "hub/attendance/form.h"

#include "hub/attendance/settings.h"
#include "hub/attendance/text.h"
#include "hub/base/json.h"
#include "tests/support/catch.h"

#include <string>

using namespace hub::attendance;
using hub::base::Json;

namespace {
std::string body(Json fields) {
  Json form{{"name", "Awa"}, {"consent", true}};
  form.update(fields);
  return form.dump();
}
std::string repeat(const char* text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}
Settings asking() {
  Settings settings;
  settings.ask = {"gender", "status"};
  settings.questions = {
      {"transport", {"Comment êtes-vous venu ?", "How did you come?"}, {{"À pied", "On foot"}, {"Bus", ""}}},
      {"first_hub", {"Première fois au hub ?", ""}, {}}};
  return settings;
}
}  // namespace

TEST_CASE("a full form") {
  const auto arrival = parse_sign_in(
      R"({"name":"  Awa   Traoré ","affiliation":"Université de Bamako","contact":"awa@example.org","member":"wants",)"
      R"("first_time":false,"consent":true,"unknown":{"a":[1]}})",
      "fr", asking());
  REQUIRE(arrival);
  const SignIn* form = &arrival->form;
  CHECK(form->name == "Awa Traoré");
  CHECK(form->affiliation == "Université de Bamako");
  CHECK(form->contact == "awa@example.org");
  CHECK(form->member == SignIn::Member::Wants);
  CHECK(form->first_time == false);
  CHECK_FALSE(form->anonymous);
  CHECK(form->consent_version == kConsentVersion);
  CHECK(form->consent_language == "fr");
}

TEST_CASE("without a name nothing else is kept") {
  const auto arrival = parse_sign_in(
      R"({"anonymous":true,"name":"Awa","contact":"x","gender":"?","answers":{"no":1},"consent":true})", "en",
      asking());
  REQUIRE(arrival);
  const SignIn* form = &arrival->form;
  CHECK(form->anonymous);
  CHECK(form->name.empty());
  CHECK(form->contact.empty());
  CHECK(form->consent_version.empty());
}

TEST_CASE("names come through unharmed") {
  for (const char* name :
       {"O'Brien \"Bob\"", "<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "محمد\u200f علي",
        "👩🏽‍💻 Awa", "N'Diaye; DROP TABLE", "Ƭɛkanyo", "a\\b", "-", "+223"}) {
    const auto form = parse_sign_in(body({{"name", name}}), "fr", asking());
    REQUIRE(form);
    CHECK(form->form.name == name);
  }
}

TEST_CASE("controls go, white space is evened out") {
  CHECK(clean("\t a\r\nb \u00a0\u2003 c \u0000") == "a b c");
  CHECK(clean(std::string_view{"a\0b\x1b[31m\x7f", 9}) == "ab[31m");
  CHECK(clean("a\u0085b\u009bc\u2028d") == "a bc d");
  CHECK(clean("   ").empty());
}

TEST_CASE("what is wrong is named, in both languages") {
  struct Case {
    std::string body;
    const char* word;
  };
  const Case cases[] = {
      {"", "JSON"},
      {"[]", "JSON"},
      {"{\"name\":\"\xff\"}", "JSON"},
      {"{", "JSON"},
      {repeat("[", 10000), "JSON"},
      {R"({"consent":true})", "name"},
      {body({{"name", " \t "}}), "name"},
      {body({{"name", "\u200f\u200b"}}), "name"},
      {body({{"name", nullptr}}), "name"},
      {body({{"name", 7}}), "name"},
      {body({{"name", repeat("é", 121)}}), "120"},
      {body({{"affiliation", repeat("é", 161)}}), "160"},
      {body({{"affiliation", Json::array()}}), "affiliation"},
      {body({{"contact_ok", true}, {"contact", repeat("a", 250) + "@a.org"}}), "254"},
      {body({{"contact_ok", true}, {"contact", "nobody"}}), "contact"},
      {body({{"contact_ok", true}, {"contact", "a@b@c"}}), "contact"},
      {body({{"contact_ok", true}, {"contact", "@b"}}), "contact"},
      {body({{"contact_ok", true}, {"contact", "12345"}}), "contact"},
      {body({{"contact_ok", true}, {"contact", "123456789012345678"}}), "contact"},
      {body({{"contact_ok", true}, {"contact", "70 00 00 00 x"}}), "contact"},
      {body({{"contact_ok", true}}), "contact"},
      {body({{"member", "wants"}}), "contact"},
      {body({{"member", "wants"}, {"contact", " "}}), "contact"},
      {body({{"contact_ok", "yes"}}), "contact_ok"},
      {body({{"gender", "femme"}}), "gender"},
      {body({{"status", 1}}), "status"},
      {body({{"answers", Json::array()}}), "answers"},
      {body({{"answers", {{"colour", "red"}}}}), "colour"},
      {body({{"answers", {{"transport", "Avion"}}}}), "transport"},
      {body({{"answers", {{"transport", true}}}}), "transport"},
      {body({{"answers", {{"first_hub", "maybe"}}}}), "first_hub"},
      {body({{"answers", {{"first_hub", 1}}}}), "first_hub"},
      {body({{"session", 7}}), "session"},
      {body({{"kiosk", "yes"}}), "kiosk"},
      {body({{"member", "maybe"}}), "member"},
      {body({{"first_time", "yes"}}), "first_time"},
      {body({{"consent", false}}), "consent"},
      {body({{"consent", "true"}}), "consent"},
      {R"({"name":"Awa"})", "consent"},
      {body({{"anonymous", 1}}), "anonymous"},
  };
  for (const auto& c : cases) {
    std::string sentences[2];
    for (const char* language : {"fr", "en"}) {
      CAPTURE(c.body.substr(0, 80), language);
      const auto form = parse_sign_in(c.body, language, asking());
      REQUIRE_FALSE(form);
      CHECK(form.error().code == hub::base::Errc::Invalid);
      CHECK_THAT(form.error().text, Catch::Contains(c.word));
      sentences[language[0] == 'f' ? 0 : 1] = form.error().text;
    }
    CHECK(sentences[0] != sentences[1]);
  }
}

TEST_CASE("limits count characters, not bytes") {
  CHECK(parse_sign_in(body({{"name", repeat("é", 120)}}), "fr", asking()));
  CHECK(parse_sign_in(body({{"name", repeat("👩", 120)}}), "fr", asking()));
  CHECK(parse_sign_in(body({{"affiliation", repeat("é", 160)}}), "fr", asking()));
}

TEST_CASE("a contact is kept only for who may use it") {
  struct Case {
    Json fields;
    const char* kept;
  };
  const Case cases[] = {
      {{{"contact", "awa@example.org"}}, ""},
      {{{"contact", "awa@example.org"}, {"member", "yes"}, {"contact_ok", false}}, ""},
      {{{"contact", "not an address"}}, ""},
      {{{"contact", "awa@example.org"}, {"member", "wants"}}, "awa@example.org"},
      {{{"contact", " +223  70.00-00 00"}, {"contact_ok", true}}, "+223 70.00-00 00"},
      {{{"contact", "(00223) 70/00/00/00"}, {"contact_ok", true}}, "(00223) 70/00/00/00"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fields.dump());
    const auto arrival = parse_sign_in(body(c.fields), "fr", asking());
    REQUIRE(arrival);
    CHECK(arrival->form.contact == c.kept);
  }
}

TEST_CASE("answers in either language are kept as one, and what is not asked is not kept") {
  const Json fields{{"gender", "woman"},
                    {"status", "student"},
                    {"answers", {{"transport", "On foot"}, {"first_hub", true}}},
                    {"session", "127-dnsop"},
                    {"kiosk", true}};
  auto arrival = parse_sign_in(body(fields), "en", asking());
  REQUIRE(arrival);
  CHECK(arrival->form.gender == SignIn::Gender::Woman);
  CHECK(arrival->form.status == SignIn::Status::Student);
  CHECK(arrival->form.answers ==
        std::map<std::string, std::string>{{"transport", "À pied"}, {"first_hub", "yes"}});
  CHECK(arrival->session == "127-dnsop");
  CHECK(arrival->kiosk);
  arrival =
      parse_sign_in(body({{"answers", {{"transport", "À pied"}, {"first_hub", nullptr}}}}), "fr", asking());
  REQUIRE(arrival);
  CHECK(arrival->form.answers == std::map<std::string, std::string>{{"transport", "À pied"}});
  arrival = parse_sign_in(body({{"gender", "woman"}, {"status", "other"}}), "fr", Settings{});
  REQUIRE(arrival);
  CHECK(arrival->form.gender == SignIn::Gender::Unknown);
  CHECK(arrival->form.status == SignIn::Status::Unknown);
}

TEST_CASE("the lines of the desk: what is wrong has its number") {
  using hub::attendance::Register;
  struct Case {
    const char* body;
    std::size_t line;
    const char* word;
  };
  const Case cases[] = {
      {"[]", 0, "JSON"},
      {R"({"persons":[]})", 0, "persons"},
      {R"({"persons":{"name":"Awa"}})", 0, "persons"},
      {R"({"paper":1,"persons":[{"name":"Awa"}]})", 0, "paper"},
      {R"({"persons":[{"name":"Awa"},7]})", 2, "JSON"},
      {R"({"persons":[{"name":"Awa"},{"name":"Moussa"},{"name":" "}]})", 3, "name"},
      {R"({"persons":[{"name":"Awa","member":"x"}]})", 1, "member"},
      {R"({"persons":[{"ref":5}]})", 1, "ref"},
      {R"({"persons":[{"name":"Awa","at":942}]})", 1, "at"},
  };
  for (const auto& c : cases)
    for (const char* language : {"fr", "en"}) {
      CAPTURE(c.body);
      const auto parsed = parse_desk(c.body, language, asking());
      const auto* bad = std::get_if<Register::BadLine>(&parsed);
      REQUIRE(bad);
      CHECK(bad->line == c.line);
      CHECK_THAT(bad->why, Catch::Contains(c.word));
    }
  Json many{{"persons", Json::array()}};
  for (int i = 0; i < 10'000; ++i) many["persons"].push_back({{"name", "n"}});
  const auto refused = parse_desk(many.dump(), "fr", asking());
  REQUIRE(std::get_if<Register::BadLine>(&refused));
  CHECK_THAT(std::get<Register::BadLine>(refused).why,
             Catch::Contains("10000") && Catch::Contains("plusieurs parties"));
}

TEST_CASE("a sheet may leave out everything but the name") {
  const auto parsed = parse_desk(
      R"({"session":"s","paper":true,"persons":[{"name":" Awa ","at":"09:42"},{"ref":"p-1"},{"name":"Moussa","member":"wants"}]})",
      "fr", asking());
  const auto* add = std::get_if<hub::attendance::Register::DeskAdd>(&parsed);
  REQUIRE(add);
  CHECK(add->session == "s");
  CHECK(add->paper);
  REQUIRE(add->lines.size() == 3);
  CHECK(add->lines[0].form.name == "Awa");
  CHECK(add->lines[0].at == "09:42");
  CHECK(add->lines[1].ref == "p-1");
  CHECK(add->lines[2].form.member == SignIn::Member::Wants);
}
