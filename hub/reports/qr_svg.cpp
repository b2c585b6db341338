#include "hub/reports/qr_svg.h"

#include "hub/lib/qrencode/qr_code.h"

#include <fmt/format.h>

namespace hub::reports {
namespace {

constexpr int kQuiet = 4;
/// Size of a module where the page sets none, pixels: readers want three or more.
constexpr int kModule = 8;

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string qr_svg(std::string_view text) {
  const lib::qrencode::QrCode code{text};
  const int side = code.size() + 2 * kQuiet;
  std::string path;
  // One shape of all runs: separate ones would show seams between rows.
  for (int y = 0; y < code.size(); ++y)
    for (int x = 0; x < code.size();) {
      int run = 0;
      while (code.dark(x + run, y)) ++run;
      if (run > 0) path += fmt::format("M{} {}h{}v1h-{}z", x + kQuiet, y + kQuiet, run, run);
      x += run + 1;
    }
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" viewBox="0 0 {1} {1}" role="img" )"
      R"(shape-rendering="crispEdges"><title>{2}</title><path fill="#fff" d="M0 0h{1}v{1}H0z"/>)"
      R"(<path fill="#000" d="{3}"/></svg>)"
      "\n",
      side * kModule, side, xml(text), path);
}

}  // namespace hub::reports
