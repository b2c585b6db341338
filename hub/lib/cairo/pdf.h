#pragma once
#include "hub/base/clock.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// RAII around cairo's PDF surface and pango's text. Lengths are points, 1/72 inch; (0, 0) is the upper left
/// corner of the page and y grows downwards.
namespace hub::lib::cairo {

/// Points in one millimetre.
inline constexpr double kMillimetre = 72.0 / 25.4;

struct Colour {
  double red = 0, green = 0, blue = 0;  ///< 0 to 1
};
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  [[nodiscard]] double right() const noexcept { return x + width; }
  [[nodiscard]] double bottom() const noexcept { return y + height; }
};
struct Extent {
  double width = 0, height = 0;
  int lines = 0;
};

enum class Align { Left, Centre, Right };

struct Style {
  double size = 10;  ///< of the font
  bool bold = false;
  bool mono = false;  ///< zero and O differ: for what people type
  Colour colour{};
  Align align = Align::Left;
  double spacing = 1.0;  ///< of the lines, as a multiple of the font's own
};

/// A PDF in memory. Text is UTF-8 and is laid out as its script wants it, right to left too; it wraps at
/// words, and inside a word that is wider than a line, so that all of it is on the paper. Malformed bytes are
/// shown as replacement characters. @context any one thread
class Pdf {
 public:
  /// @param width, height  of each page. @param title, language  for readers and screen readers ("fr").
  /// @param created  shown as the date of the document.
  /// @throws base::Error{Internal} if there is no memory for it.
  Pdf(double width, double height, const std::string& title, const std::string& language, base::Wall created);
  Pdf(const Pdf&) = delete;
  Pdf& operator=(const Pdf&) = delete;
  ~Pdf();

  /// What text() would take. @param width  of the lines.
  [[nodiscard]] Extent measure(std::string_view text, const Style& style, double width) const;
  /// Writes @p text with its upper left corner at (x, y). @return its height
  double text(double x, double y, double width, std::string_view text, const Style& style);
  /// Fills all of @p boxes as one shape: neighbours show no seam.
  void fill(const std::vector<Box>& boxes, const Colour& colour);
  /// A rectangle with round corners, filled.
  void panel(const Box& box, double radius, const Colour& colour);
  /// The outline of one. @param line  width of the line, which lies on the edge.
  void frame(const Box& box, double radius, double line, const Colour& colour);
  void line(double x1, double y1, double x2, double y2, double width, const Colour& colour);
  /// The page is done; what follows is drawn on another.
  void next_page();
  /// Ends the document. Nothing can be drawn afterwards. @throws base::Error{Internal} if cairo failed.
  [[nodiscard]] std::string finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hub::lib::cairo
