#include "hub/config/checks.h"

#include "hub/base/text.h"
#include "hub/config/spelling.h"
#include "tests/support/catch.h"

#include <array>
#include <string>

using namespace hub::config;

TEST_CASE("a time zone is one of the database, and its name never leads out of it") {
  CHECK(known_time_zone("UTC"));
  CHECK(known_time_zone("Africa/Bamako"));
  CHECK(known_time_zone("America/Argentina/Buenos_Aires"));
  CHECK(known_time_zone("Etc/GMT+3"));
  for (const std::string name :
       {"", "Africa", "Africa/", "/Africa/Bamako", "../zoneinfo/UTC", "Africa/../UTC", "tzdata.zi",
        "right/UTC", "posix/UTC", "africa/Bamako\n", "zone.tab", "Mars/Base"})
    CHECK_FALSE(known_time_zone(name));
  CHECK_FALSE(known_time_zone(std::string{"UTC\0/x", 6}));
  CHECK_FALSE(known_time_zone(std::string(5000, 'A')));
}

TEST_CASE("listen is an address with a port") {
  using Listen = std::pair<std::string, std::uint16_t>;
  CHECK(parse_listen("0.0.0.0:8080") == Listen{"0.0.0.0", 8080});
  CHECK(parse_listen("[::]:80") == Listen{"::", 80});
  CHECK(parse_listen("[fe80::1]:0") == Listen{"fe80::1", 0});
  for (const char* text :
       {"", ":8080", "8080", "0.0.0.0", "0.0.0.0:", "0.0.0.0:x", "0.0.0.0:80 ", "0.0.0.0:-1", "0.0.0.0:65536",
        "::1:80", "[::1]", "[]:80", "localhost:80", "[127.0.0.1]:80"})
    CHECK_FALSE(parse_listen(text).has_value());
}

TEST_CASE("language tags and host names") {
  for (const char* tag : {"", "fr", "pt-BR", "zh-Hant-TW", "es-419", "bam"}) CHECK(is_language_tag(tag));
  for (const char* tag : {"f", "french", "fr-", "-fr", "fr_FR", "fr--FR", "12"})
    CHECK_FALSE(is_language_tag(tag));
  for (const char* name : {"hub", "hub.example.org", "192.0.2.1", "xn--abch-cpa.td"})
    CHECK(is_host_name(name));
  for (const char* name : {"", "hub:8080", "hub/x", "-hub", "hub..org", "hüb", "."})
    CHECK_FALSE(is_host_name(name));
  CHECK(hub::base::code_points("Abéché") == 6);
}

TEST_CASE("the nearest key is offered only if it is near") {
  constexpr std::array<std::string_view, 4> kKnown{"name", "listen", "max_connections",
                                                   "max_connections_per_address"};
  CHECK(nearest("nmae", kKnown) == "name");
  CHECK(nearest("names", kKnown) == "name");
  CHECK(nearest("max_conections", kKnown) == "max_connections");
  CHECK(nearest("lisen", kKnown) == "listen");
  CHECK_FALSE(nearest("port", kKnown).has_value());
  CHECK_FALSE(nearest("", kKnown).has_value());
  CHECK_FALSE(nearest(std::string(1'000'000, 'n'), kKnown).has_value());
}
