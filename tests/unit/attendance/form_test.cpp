#include "hub/attendance/form.h"

#include "hub/attendance/settings.h"
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
}  // namespace

TEST_CASE("a full form") {
  const auto form = parse_sign_in(
      R"({"name":"  Awa   Traoré ","affiliation":"Université de Bamako","email":"awa@example.org","member":"wants",)"
      R"("first_time":false,"consent":true,"unknown":{"a":[1]}})",
      "fr");
  REQUIRE(form);
  CHECK(form->name == "Awa Traoré");
  CHECK(form->affiliation == "Université de Bamako");
  CHECK(form->email == "awa@example.org");
  CHECK(form->member == SignIn::Member::Wants);
  CHECK(form->first_time == false);
  CHECK_FALSE(form->anonymous);
  CHECK(form->consent_version == kConsentVersion);
  CHECK(form->consent_language == "fr");
}

TEST_CASE("without a name nothing else is kept") {
  const auto form = parse_sign_in(R"({"anonymous":true,"name":"Awa","email":"x","consent":true})", "en");
  REQUIRE(form);
  CHECK(form->anonymous);
  CHECK(form->name.empty());
  CHECK(form->email.empty());
  CHECK(form->consent_version.empty());
}

TEST_CASE("names come through unharmed") {
  for (const char* name :
       {"O'Brien \"Bob\"", "<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "محمد\u200f علي",
        "👩🏽‍💻 Awa", "N'Diaye; DROP TABLE", "Ƭɛkanyo", "a\\b", "-", "+223"}) {
    const auto form = parse_sign_in(body({{"name", name}}), "fr");
    REQUIRE(form);
    CHECK(form->name == name);
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
      {body({{"email", repeat("a", 250) + "@a.org"}}), "254"},
      {body({{"email", "nobody"}}), "email"},
      {body({{"email", "a@b@c"}}), "email"},
      {body({{"email", "@b"}}), "email"},
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
      const auto form = parse_sign_in(c.body, language);
      REQUIRE_FALSE(form);
      CHECK(form.error().code == hub::base::Errc::Invalid);
      CHECK_THAT(form.error().text, Catch::Contains(c.word));
      sentences[language[0] == 'f' ? 0 : 1] = form.error().text;
    }
    CHECK(sentences[0] != sentences[1]);
  }
}

TEST_CASE("limits count characters, not bytes") {
  CHECK(parse_sign_in(body({{"name", repeat("é", 120)}}), "fr"));
  CHECK(parse_sign_in(body({{"name", repeat("👩", 120)}}), "fr"));
  CHECK(parse_sign_in(body({{"affiliation", repeat("é", 160)}}), "fr"));
}
