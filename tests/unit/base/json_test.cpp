#include "hub/base/json.h"

#include "tests/support/catch.h"

#include <string>

using namespace hub::base;

TEST_CASE("is_utf8 follows RFC 3629") {
  const auto [text, good] = GENERATE(table<std::string, bool>({
      {"", true},
      {"Bamako", true},
      {"Réseau \xF0\x9F\x8C\x8D", true},
      {"\xED\x9F\xBF", true},       // last before the surrogates
      {"\xED\xA0\x80", false},      // a surrogate
      {"\xC0\xAF", false},          // overlong
      {"\xE0\x80\xAF", false},      // overlong
      {"\xF4\x90\x80\x80", false},  // above U+10FFFF
      {"\xE2\x82", false},          // cut off
      {"\xFF", false},
  }));
  CHECK(is_utf8(text) == good);
}

TEST_CASE("parse_json refuses what is not JSON and says so") {
  CHECK(parse_json(R"({"a":[1,2,{"b":null}]})").has_value());
  CHECK(parse_json("").error().code == Errc::Invalid);
  CHECK(parse_json("<html>").error().code == Errc::Invalid);
  CHECK(parse_json("{\"a\":\"\xC0\xAF\"}").error().text == "not UTF-8");
}

TEST_CASE("parse_json bounds the depth, so that a bomb costs nothing") {
  CHECK(parse_json(std::string(16, '[') + std::string(16, ']')).has_value());
  CHECK_FALSE(parse_json(std::string(17, '[') + std::string(17, ']'), 16).has_value());
  CHECK_FALSE(parse_json(std::string(200'000, '[')).has_value());
}
