#pragma once
#include "hub/reports/settings.h"

#include <string>

namespace hub::reports {

/// What a phone's camera takes for a network to join: `WIFI:T:WPA;S:name;P:password;;`. A backslash stands
/// before each of `\ ; , : "`; a name that could be hexadecimal digits is in quotes, since readers would take
/// it for bytes. @param wifi  its ssid is not empty.
/// Source: "Wi-Fi Network config" of ZXing's barcode contents, which Android and iOS read.
[[nodiscard]] std::string wifi_text(const WifiSettings& wifi);

}  // namespace hub::reports
