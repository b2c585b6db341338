#include "hub/cli/qr.h"

#include "hub/base/error.h"
#include "hub/lib/qrencode/qr_code.h"
#include "tests/support/catch.h"

#include <sstream>
#include <string>

using namespace hub;

TEST_CASE("a QR code has the size of its version and finder patterns in three corners") {
  const lib::qrencode::QrCode code{"http://192.168.1.20:8080/"};
  REQUIRE(code.size() == 25);  // version 2: 4 x 2 + 17
  const auto finder = [&](int left, int top) {
    for (int y = 0; y < 7; ++y)
      for (int x = 0; x < 7; ++x) {
        const bool ring = x == 0 || y == 0 || x == 6 || y == 6;
        const bool heart = x >= 2 && x <= 4 && y >= 2 && y <= 4;
        if (code.dark(left + x, top + y) != (ring || heart)) return false;
      }
    return true;
  };
  CHECK(finder(0, 0));
  CHECK(finder(18, 0));
  CHECK(finder(0, 18));
  CHECK_FALSE(finder(18, 18));
  CHECK_FALSE(code.dark(-1, 0));
  CHECK_FALSE(code.dark(0, 25));
}

TEST_CASE("what does not fit is refused") {
  CHECK_THROWS_AS(lib::qrencode::QrCode{""}, base::Error);
  CHECK_NOTHROW(lib::qrencode::QrCode{std::string(2331, 'a')});
  CHECK_THROWS_AS(lib::qrencode::QrCode{std::string(2332, 'a')}, base::Error);
}

TEST_CASE("the terminal shows every module, and four of quiet zone") {
  const std::string text = "http://10.0.0.1:8080/";
  const lib::qrencode::QrCode code{text};
  std::istringstream lines{cli::terminal_qr(text, false)};
  int y = -4;
  for (std::string line; std::getline(lines, line); y += 2) {
    int x = -4;
    for (std::size_t at = 0; at < line.size(); ++x) {
      const std::string sign = line[at] == ' ' ? " " : line.substr(at, 3);
      at += sign.size();
      CAPTURE(x, y, sign);
      REQUIRE(code.dark(x, y) == (sign == "█" || sign == "▀"));
      REQUIRE(code.dark(x, y + 1) == (sign == "█" || sign == "▄"));
    }
    CHECK(x == code.size() + 4);
  }
  CHECK(y >= code.size() + 4);
}

TEST_CASE("colours do not depend on the terminal's theme, and end with each line") {
  std::istringstream lines{cli::terminal_qr("x", true)};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CHECK(line.starts_with("\x1B[38;5;16;48;5;231m"));
    CHECK(line.ends_with("\x1B[0m"));
  }
  CHECK(count == 15);
}
