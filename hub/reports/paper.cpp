#include "hub/reports/paper.h"

#include "hub/lib/qrencode/qr_code.h"

#include <algorithm>
#include <vector>

namespace hub::reports {
namespace {

/// So wide that nothing wraps: 10 m.
constexpr double kEndless = 10'000 * lib::cairo::kMillimetre;

/// The width of the widest word of @p text.
double widest_word(const lib::cairo::Pdf& pdf, std::string_view text, const lib::cairo::Style& style) {
  double widest = 0;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (!word.empty()) widest = std::max(widest, pdf.measure(word, style, kEndless).width);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return widest;
}

}  // namespace

std::string paper_language(const base::Identity& identity) {
  for (const auto& language : identity.languages)
    if (language == "fr" || language == "en") return language;
  return "fr";
}

lib::cairo::Style fitted(const lib::cairo::Pdf& pdf, std::string_view text, lib::cairo::Style style,
                         double width, double height, double smallest) {
  constexpr double kStep = 0.95;
  const auto fits = [&] {
    return pdf.measure(text, style, width).height <= height && widest_word(pdf, text, style) <= width;
  };
  while (style.size > smallest && !fits()) style.size = std::max(smallest, style.size * kStep);
  return style;
}

void draw_qr(lib::cairo::Pdf& pdf, std::string_view text, double x, double y, double side) {
  constexpr int kQuietModules = 4;
  const lib::qrencode::QrCode code{text};
  const double module = side / (code.size() + 2 * kQuietModules);
  pdf.fill({{x, y, side, side}}, kWhite);
  std::vector<lib::cairo::Box> dark;
  for (int row = 0; row < code.size(); ++row)
    for (int column = 0; column < code.size();) {
      int run = 0;
      while (code.dark(column + run, row)) ++run;
      if (run > 0)
        dark.push_back({x + (column + kQuietModules) * module, y + (row + kQuietModules) * module,
                        run * module, module});
      column += run + 1;
    }
  pdf.fill(dark, {0, 0, 0});
}

}  // namespace hub::reports
