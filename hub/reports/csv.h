#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hub::reports {

/// CSV as spreadsheets read it: RFC 4180, UTF-8 with byte-order mark, CRLF. A cell that a spreadsheet would
/// take for a formula (it begins with `= + - @`, tab or CR) gets an apostrophe before it; nothing is removed.
class Csv {
 public:
  /// @param delimiter  ';' where the comma is the decimal sign (French), else ','.
  explicit Csv(char delimiter);
  void row(const std::vector<std::string>& cells);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void cell(std::string_view value);
  char delimiter_;
  std::string text_;
};

}  // namespace hub::reports
