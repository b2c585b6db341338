#include "hub/web/path.h"

#include "hub/web/host_names.h"
#include "hub/web/texts.h"
#include "tests/support/catch.h"

#include <vector>

using namespace hub::web;

TEST_CASE("paths name one thing or nothing") {
  struct Case {
    const char* raw;
    std::optional<std::string> path;
  };
  const std::vector<Case> cases{
      {"/", "/"},
      {"/console", "/console"},
      {"/hls/room-1/main.m3u8", "/hls/room-1/main.m3u8"},
      {"/caf%C3%A9", "/café"},
      {"/dir/", "/dir/"},
      {"", std::nullopt},
      {"a", std::nullopt},
      {"//a", std::nullopt},
      {"/a//b", std::nullopt},
      {"/../etc/passwd", std::nullopt},
      {"/a/%2e%2e/b", std::nullopt},
      {"/a/./b", std::nullopt},
      {"/a%2Fb", std::nullopt},
      {"/a%5Cb", std::nullopt},
      {"/a\\b", std::nullopt},
      {"/a%00b", std::nullopt},
      {"/a%0d%0aX: y", std::nullopt},
      {"/a%", std::nullopt},
      {"/a%4", std::nullopt},
      {"/a%zz", std::nullopt},
      {"/%FF", std::nullopt},
      {"/%C0%AF", std::nullopt},
  };
  for (const auto& [raw, path] : cases) {
    CAPTURE(raw);
    CHECK(decode_path(raw) == path);
  }
}

TEST_CASE("a query keeps the first of a key and leaves out what cannot be read") {
  const auto query = parse_query("a=1&a=2&b=x+y%26&c&=d&%zz=1&e=%FF");
  CHECK(query == std::map<std::string, std::string>{{"a", "1"}, {"b", "x y&"}, {"c", ""}});
}

TEST_CASE("cookies") {
  CHECK(cookie("vh_device=abc-_9; vh_session=X", "vh_device") == "abc-_9");
  CHECK(cookie("vh_device=abc-_9; vh_session=X", "vh_session") == "X");
  CHECK(cookie("xvh_device=no", "vh_device").empty());
  CHECK(cookie("vh_device=a b", "vh_device").empty());
  CHECK(cookie("vh_device=" + std::string(129, 'a'), "vh_device").empty());
  CHECK(cookie("", "vh_device").empty());
}

TEST_CASE("patterns") {
  CHECK(match("/a/{id}/start", "/a/room-1/start") == std::map<std::string, std::string>{{"id", "room-1"}});
  CHECK_FALSE(match("/a/{id}/start", "/a/room-1"));
  CHECK_FALSE(match("/a/{id}", "/a/"));
  CHECK_FALSE(match("/a/{id}", "/a/b/c"));
  CHECK_FALSE(match("/a", "/ab"));
  CHECK(match("/a", "/a"));
}

TEST_CASE("the language is the one asked for, else the best on offer") {
  const std::vector<std::string> offered{"fr", "en"};
  CHECK(choose_language("en", "fr", offered) == "en");
  CHECK(choose_language("de", "", offered) == "fr");
  CHECK(choose_language("", "de, en;q=0.5", offered) == "en");
  CHECK(choose_language("", "en-GB,en;q=0.9,fr;q=0.8", offered) == "en");
  CHECK(choose_language("", "fr-ML;q=0.2, en;q=nan", offered) == "fr");
  CHECK(choose_language("", ";;;,,,q=", offered) == "fr");
}

TEST_CASE("Host headers") {
  CHECK(parse_host("Hub.Local:8080")->host == "hub.local");
  CHECK(parse_host("[::1]:8080")->host == "::1");
  CHECK(parse_host("[::1]")->port.empty());
  for (const char* bad : {"", ":80", "a b", "a:", "a:123456", "a:8x", "[::1", "a/b", "a\r\nb"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_host(bad));
  }
  hub::base::SystemClock clock;
  HostNames names{{"hub.example.org"}, clock};
  CHECK(names.allows("localhost"));
  CHECK(names.allows("127.0.0.1"));
  CHECK(names.allows("hub.example.org"));
  CHECK_FALSE(names.allows("attacker.example"));
  CHECK_FALSE(names.allows("192.0.2.1"));
}
