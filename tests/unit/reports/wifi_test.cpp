#include "hub/reports/wifi.h"

#include "tests/support/catch.h"

#include <map>
#include <optional>
#include <random>
#include <string>

using namespace hub::reports;
using Security = WifiSettings::Security;

namespace {

/// Reads a WIFI: text as a phone does, written from the description of the format and not from our writer.
std::optional<std::map<char, std::string>> read_back(const std::string& text) {
  if (text.rfind("WIFI:", 0) != 0) return std::nullopt;
  std::map<char, std::string> fields;
  std::size_t at = 5;
  while (at < text.size() && text[at] != ';') {
    const char key = text[at];
    if (at + 1 >= text.size() || text[at + 1] != ':') return std::nullopt;
    std::string value;
    bool quoted_from_start = text[at + 2] == '"';
    for (at += 2; at < text.size() && text[at] != ';'; ++at) {
      if (text[at] == '\\' && ++at >= text.size()) return std::nullopt;
      value += text[at];
    }
    if (at >= text.size()) return std::nullopt;  // no end of the field
    ++at;
    if (quoted_from_start && value.size() >= 2) value = value.substr(1, value.size() - 2);
    if (!fields.emplace(key, value).second) return std::nullopt;
  }
  if (at + 1 != text.size()) return std::nullopt;  // the second semicolon is the last sign
  return fields;
}

}  // namespace

TEST_CASE("the text of a network is what phones read") {
  struct Row {
    WifiSettings wifi;
    std::string text;
  };
  const Row rows[] = {
      {{"ISOC Mali", "bamako2027", Security::Wpa, false}, "WIFI:T:WPA;S:ISOC Mali;P:bamako2027;;"},
      {{"Café Économie", "mot de passe é", Security::Wpa, false},
       "WIFI:T:WPA;S:Café Économie;P:mot de passe é;;"},
      {{R"(a;b:c,d"e\f)", R"(\\;"":,;x)", Security::Wpa, false},
       R"(WIFI:T:WPA;S:a\;b\:c\,d\"e\\f;P:\\\\\;\"\"\:\,\;x;;)"},
      {{"cafe", "12345678", Security::Wpa, false}, R"(WIFI:T:WPA;S:"cafe";P:12345678;;)"},
      {{"0123ABCD", "deadbeef", Security::Wep, true}, R"(WIFI:T:WEP;S:"0123ABCD";P:deadbeef;H:true;;)"},
      {{"cafeteria", "x", Security::Wep, false}, "WIFI:T:WEP;S:cafeteria;P:x;;"},
      {{"Libre", "", Security::None, false}, "WIFI:T:nopass;S:Libre;;"},
      {{"Libre", "forgotten", Security::None, true}, "WIFI:T:nopass;S:Libre;H:true;;"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(wifi_text(row.wifi) == row.text);
  }
}

TEST_CASE("whatever the network is called, it reads back as it was") {
  std::mt19937 random{20270115};
  const std::string alphabet = R"(\\;;,,::""""abcDEF0189 é-_/&<>'#%)";
  const auto word = [&](std::size_t low, std::size_t high) {
    std::string text;
    const auto length = std::uniform_int_distribution<std::size_t>{low, high}(random);
    for (std::size_t i = 0; i < length; ++i)
      text += alphabet[std::uniform_int_distribution<std::size_t>{0, alphabet.size() - 1}(random)];
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    WifiSettings wifi;
    wifi.ssid = word(1, 32);
    wifi.password = word(8, 63);
    wifi.security = i % 3 == 0 ? Security::None : i % 3 == 1 ? Security::Wep : Security::Wpa;
    wifi.hidden = i % 2 == 0;
    const auto text = wifi_text(wifi);
    CAPTURE(text);
    const auto fields = read_back(text);
    REQUIRE(fields.has_value());
    REQUIRE(fields->at('S') == wifi.ssid);
    REQUIRE(fields->at('T') == (wifi.security == Security::None  ? "nopass"
                                : wifi.security == Security::Wep ? "WEP"
                                                                 : "WPA"));
    REQUIRE((fields->count('P') == 1) == (wifi.security != Security::None));
    if (wifi.security != Security::None) REQUIRE(fields->at('P') == wifi.password);
    REQUIRE((fields->count('H') == 1) == wifi.hidden);
  }
}
