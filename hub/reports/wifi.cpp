#include "hub/reports/wifi.h"

#include <algorithm>
#include <string_view>

namespace hub::reports {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view{"\\;,:\""}.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

bool looks_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

}  // namespace

std::string wifi_text(const WifiSettings& wifi) {
  using Security = WifiSettings::Security;
  std::string text = "WIFI:T:";
  text += wifi.security == Security::Wpa ? "WPA" : wifi.security == Security::Wep ? "WEP" : "nopass";
  text += ";S:";
  text += looks_hexadecimal(wifi.ssid) ? '"' + wifi.ssid + '"' : escaped(wifi.ssid);
  // The password is never put in quotes: 64 hexadecimal digits are a key, and all other digits a passphrase.
  if (wifi.security != Security::None) text += ";P:" + escaped(wifi.password);
  if (wifi.hidden) text += ";H:true";
  return text + ";;";
}

}  // namespace hub::reports
