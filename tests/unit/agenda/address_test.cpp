#include "hub/agenda/address.h"

#include "hub/agenda/settings.h"
#include "tests/support/catch.h"

#include <string>

using namespace hub;
using agenda::SessionAddress;
using agenda::Trouble;

TEST_CASE("a session of the IETF is found in what people paste") {
  const auto [text, meeting, session] = GENERATE(table<std::string, std::string, std::string>({
      {"ietf:127/34370", "127", "34370"},
      {"IETF:9/1", "9", "1"},
      {"https://meetings.conf.meetecho.com/ietf127/?session=34370", "127", "34370"},
      {"https://meetings.conf.meetecho.com/ietf127?session=34370", "127", "34370"},
      {"https://meetings.conf.meetecho.com/onsite127/?session=34370", "127", "34370"},
      {"http://Meetings.conf.Meetecho.com/ietf127/?lang=fr&session=34370&x#top", "127", "34370"},
      {"https://meetings.conf.meetecho.com/ietf127/?group=dnsop&session=34370", "127", "34370"},
  }));
  CAPTURE(text);
  REQUIRE(agenda::is_session_address(text));
  const auto parsed = agenda::parse_address(text);
  REQUIRE(std::holds_alternative<SessionAddress>(parsed));
  CHECK(std::get<SessionAddress>(parsed) == SessionAddress{meeting, session});
}

TEST_CASE("an address that leads to no session says what to write") {
  const auto [text, why] = GENERATE(table<std::string, std::string>({
      {"ietf:", "ietf:127/34370"},
      {"ietf:127", "ietf:127/34370"},
      {"ietf:127/", "ietf:127/34370"},
      {"ietf:/34370", "ietf:127/34370"},
      {"ietf:127/34370/", "ietf:127/34370"},
      {"ietf:127/34370?x", "ietf:127/34370"},
      {"ietf:0127/34370", "ietf:127/34370"},
      {"ietf:127/-1", "ietf:127/34370"},
      {"ietf:127/12345678901", "ietf:127/34370"},
      {"ietf:127/{meeting}", "ietf:127/34370"},
      {"https://meetings.conf.meetecho.com/ietf116/?group=core&short=core&item=1", "older meeting"},
      {"https://meetings.conf.meetecho.com", "?session="},
      {"https://meetings.conf.meetecho.com/", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/?session", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/?session=", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/?session=3%34", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/?sessions=34370", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/../x?session=34370", "?session="},
      {"https://meetings.conf.meetecho.com/interim/?session=34370", "?session="},
      {"https://meetings.conf.meetecho.com/ietf127/#?session=34370", "?session="},
  }));
  CAPTURE(text);
  REQUIRE(agenda::is_session_address(text));
  const auto parsed = agenda::parse_address(text);
  REQUIRE(std::holds_alternative<Trouble>(parsed));
  CHECK_THAT(std::string{std::get<Trouble>(parsed).en}, Catch::Matchers::Contains(why));
  CHECK(std::get<Trouble>(parsed).fr != std::get<Trouble>(parsed).en);
}

TEST_CASE("other addresses are left alone") {
  const std::string text =
      GENERATE("", "iet", "ietf", "demo:", "/media/ietf:127/1", "https://example.org/?session=1",
               "https://meetings.conf.meetecho.com.example.org/ietf127/?session=34370",
               "https://meetings.conf.meetecho.com@example.org/ietf127/?session=34370",
               "rtmp://meetings.conf.meetecho.com/ietf127/?session=34370");
  CAPTURE(text);
  CHECK_FALSE(agenda::is_session_address(text));
}

TEST_CASE("a template names the session, and nothing that is not known") {
  const auto [text, fine] = GENERATE(table<std::string, bool>({
      {agenda::Settings{}.audio_url, true},
      {"http://10.0.0.2/{session_id}", true},
      {"https://a.example/{meeting}", false},
      {"https://a.example/{session_id}/{day}", false},
      {"https://a.example/{session_id", false},
      {"https://a.example/{session_id}}", false},
      {"https://a.example/{{session_id}}", false},
      {"https://a.example/ {session_id}", false},
      {"https:///{session_id}", false},
      {"https://{session_id}", false},
      {"ftp://a.example/{session_id}", false},
      {"", false},
      {"{session_id}", false},
      {"https://a.example/{session_id}" + std::string(1024, 'a'), false},
  }));
  CAPTURE(text);
  CHECK(agenda::is_template(text) == fine);
}

TEST_CASE("a template becomes the address of a session") {
  CHECK(agenda::expand(agenda::Settings{}.audio_url, {"127", "34370"}) ==
        "https://mp3.conf.meetecho.com/ietf127/34370.m3u");
  CHECK(agenda::expand("https://a.example/{session_id}/{meeting}/{session_id}", {"9", "1"}) ==
        "https://a.example/1/9/1");
}
