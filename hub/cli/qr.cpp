#include "hub/cli/qr.h"

#include "hub/lib/qrencode/qr_code.h"

namespace hub::cli {

std::string terminal_qr(std::string_view text, bool colours) {
  constexpr int kQuiet = 4;
  // Numbers 16 and 231 of the 256 colours are black and white in every theme; 0 and 7 are not.
  constexpr std::string_view kBlackOnWhite = "\x1B[38;5;16;48;5;231m";
  const lib::qrencode::QrCode code{text};
  std::string out;
  for (int y = -kQuiet; y < code.size() + kQuiet; y += 2) {
    if (colours) out += kBlackOnWhite;
    for (int x = -kQuiet; x < code.size() + kQuiet; ++x) {
      const bool upper = code.dark(x, y);
      const bool lower = code.dark(x, y + 1);
      out += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    if (colours) out += "\x1B[0m";
    out += '\n';
  }
  return out;
}

}  // namespace hub::cli
