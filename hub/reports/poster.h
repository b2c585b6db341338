#pragma once
#include "hub/base/clock.h"
#include "hub/reports/settings.h"

#include <string>

namespace hub::reports {

/// What hangs on the wall.
struct Poster {
  std::string hub;       ///< its name
  std::string language;  ///< fr or en: the large one; the other stands small below it
  std::string address;   ///< of the page, "http://192.168.1.20:8080"
  WifiSettings wifi;     ///< without ssid only the address is shown
  base::Wall created{};
};

/// One page A4 with the QR codes of the Wi-Fi and of the page, both in clear as well, to be read at 2 m. Long
/// texts become smaller or wrap; nothing is cut. Takes some milliseconds.
/// @return a PDF. @throws base::Error{TooLarge} if a text does not fit into a QR code.
[[nodiscard]] std::string poster_pdf(const Poster& poster);

}  // namespace hub::reports
