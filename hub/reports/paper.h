#pragma once
#include "hub/base/identity.h"
#include "hub/lib/cairo/pdf.h"

#include <string>
#include <string_view>

/// What the printed pages share.
namespace hub::reports {

/// A4, upright.
inline constexpr double kA4Width = 210 * lib::cairo::kMillimetre;
inline constexpr double kA4Height = 297 * lib::cairo::kMillimetre;

inline constexpr lib::cairo::Colour kInk{0.07, 0.10, 0.14};    ///< of what must be read
inline constexpr lib::cairo::Colour kQuiet{0.36, 0.40, 0.46};  ///< of the other language; 6:1 on white
inline constexpr lib::cairo::Colour kAccent{0.04, 0.29, 0.38};
inline constexpr lib::cairo::Colour kWhite{1, 1, 1};

/// A sentence of the page in both languages.
struct Bilingual {
  std::string fr, en;
  /// In @p language, fr or en.
  [[nodiscard]] const std::string& in(std::string_view language) const noexcept {
    return language == "en" ? en : fr;
  }
  /// In the one that is not @p language.
  [[nodiscard]] const std::string& beside(std::string_view language) const noexcept {
    return language == "en" ? fr : en;
  }
};

/// The main language of a page: the hub's first of fr and en, which pages are written in.
[[nodiscard]] std::string paper_language(const base::Identity& identity);

/// @p style at the largest size, from its own down to @p smallest, in which @p text takes no more than @p
/// height at @p width and no word is broken. If none does, @p smallest: the text then takes more height, or
/// breaks a word, but all of it is there.
[[nodiscard]] lib::cairo::Style fitted(const lib::cairo::Pdf& pdf, std::string_view text,
                                       lib::cairo::Style style, double width, double height, double smallest);

/// The QR code of @p text in the square at (x, y), on white, with its quiet zone inside the square.
/// @throws base::Error{TooLarge}
void draw_qr(lib::cairo::Pdf& pdf, std::string_view text, double x, double y, double side);

}  // namespace hub::reports
