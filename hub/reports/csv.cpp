#include "hub/reports/csv.h"

namespace hub::reports {

Csv::Csv(char delimiter) : delimiter_{delimiter}, text_{"\xEF\xBB\xBF"} {}

void Csv::row(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text_ += delimiter_;
    cell(cells[i]);
  }
  text_ += "\r\n";
}

void Csv::cell(std::string_view value) {
  std::string guarded;
  if (!value.empty() && std::string_view{"=+-@\t\r"}.find(value.front()) != std::string_view::npos) {
    guarded.append("'").append(value);
    value = guarded;
  }
  // Both delimiters, whichever is in use: people open files with the wrong setting.
  if (value.find_first_of(",;\t\"\r\n") == std::string_view::npos) {
    text_ += value;
    return;
  }
  text_ += '"';
  for (const char c : value) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
}

}  // namespace hub::reports
