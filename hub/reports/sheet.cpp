#include "hub/reports/sheet.h"

#include "hub/attendance/day.h"
#include "hub/base/error.h"
#include "hub/lib/glib/time_zone.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hub::reports {
namespace {

using lib::cairo::Align;
using lib::cairo::Box;
using lib::cairo::Colour;
using lib::cairo::kMillimetre;
using lib::cairo::Pdf;
using lib::cairo::Style;

constexpr double kMargin = 10 * kMillimetre;
/// The least that a hand can write into, and what it likes.
constexpr double kLowestRow = 5 * kMillimetre, kGoodRow = 8 * kMillimetre, kLyingRow = 6.2 * kMillimetre;
constexpr Colour kRule{0.55, 0.58, 0.62};
constexpr Colour kHead{0.92, 0.94, 0.96};
constexpr Colour kStripe{0.97, 0.975, 0.98};

// Spaces before : ! ? » and after « are no-break spaces, as on the page.
const Bilingual kTitle{"Feuille de présence", "Sign-in sheet"};
const Bilingual kByPhone{"Plus rapide : avec le téléphone", "Faster: by phone"};
const Bilingual kYes{"oui", "yes"}, kNo{"non", "no"};

/// What people agree to, in the words of the page's consent.
std::string notice(const Sheet& sheet, std::string_view language) {
  const auto& settings = sheet.settings;
  const auto& who = settings.controller.empty() ? sheet.hub.name : settings.controller;
  const auto days = settings.retention.count();
  if (language == "en")
    return fmt::format(
        "What for: to count who followed the meeting, and to report on it. An e-mail or a number is only "
        "used "
        "to answer you. Who sees them: the team of {} and the organizer. Nobody else. How long: {} days at "
        "most after the meeting. Erase them: at any time, {}. This sheet is not an IETF blue sheet.",
        who, days, settings.contact.empty() ? "at the desk" : "ask " + settings.contact);
  return fmt::format(
      "Pour quoi : compter qui a suivi la réunion, et en rendre compte. Un e-mail ou un numéro ne sert qu’à "
      "vous répondre. Qui les voit : l’équipe de {} et l’organisateur. Personne d’autre. Jusqu’à quand : {} "
      "jours au plus après la réunion. Les effacer : à tout moment, {}. Cette feuille n’est pas une « blue "
      "sheet » de l’IETF.",
      who, days, settings.contact.empty() ? "à l’accueil" : "auprès de " + settings.contact);
}

/// Bytes of the longest word: near enough to its width.
std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0, length = 0;
  for (const char c : text) longest = std::max(longest, length = c == ' ' ? 0 : length + 1);
  return longest;
}

/// The width of each choice of @p column: a long word gets more of it.
std::vector<double> choice_widths(const SheetColumn& column) {
  std::vector<double> widths;
  double sum = 0;
  for (const auto& choice : column.choices) {
    const auto longest = std::max(longest_word(choice.fr), longest_word(choice.en));
    widths.push_back(static_cast<double>(std::clamp<std::size_t>(longest, 5, 10)));
    sum += widths.back();
  }
  for (double& width : widths) width *= column.width / sum;
  return widths;
}

class Pages {
 public:
  explicit Pages(const Sheet& sheet)
      : sheet_{sheet},
        lying_{std::any_of(sheet.settings.ask.begin(), sheet.settings.ask.end(),
                           [](const auto& what) { return what == "gender" || what == "status"; })},
        width_{(lying_ ? kA4Height : kA4Width) - 2 * kMargin},
        height_{lying_ ? kA4Width : kA4Height},
        columns_{sheet_columns(sheet.settings.ask, width_)},
        pdf_{width_ + 2 * kMargin, height_, say(kTitle) + " – " + sheet.hub.name, sheet.language,
             sheet.created} {}

  std::string draw() {
    int number = 1;
    for (int page = 1; page <= sheet_.pages; ++page) {
      if (page > 1) pdf_.next_page();
      const double foot = height_ - kMargin - 11;
      const double top = head_of_columns(notices(header(kMargin)));
      number = table(top, foot - 4, number);
      footer(foot, page);
    }
    return pdf_.finish();
  }

 private:
  const std::string& say(const Bilingual& text) const { return text.in(sheet_.language); }
  const std::string& beside(const Bilingual& text) const { return text.beside(sheet_.language); }

  /// Title, hub, session and day on the left, the code on the right. @return where it ends
  double header(double y) {
    const double code = (lying_ ? 23 : 27) * kMillimetre;
    constexpr double kCaption = 52 * kMillimetre;
    double inner = width_;
    double bottom = y;
    if (!sheet_.address.empty()) {
      const double x = kMargin + width_ - code;
      draw_qr(pdf_, sheet_.address, x, y - 6, code);
      bottom = y - 6 + code;
      const double left = x - kCaption;
      const Style main{.size = 8, .bold = true, .colour = kInk, .align = Align::Right};
      const Style other{.size = 7, .colour = kQuiet, .align = Align::Right};
      double at = y + 8;
      at += pdf_.text(left, at, kCaption, say(kByPhone), main);
      at += pdf_.text(left, at, kCaption, beside(kByPhone), other) + 3;
      const Style address =
          fitted(pdf_, sheet_.address, {.size = 8, .colour = kInk, .align = Align::Right}, kCaption, 11, 5);
      bottom = std::max(bottom, at + pdf_.text(left, at, kCaption, sheet_.address, address));
      inner -= code + kCaption + 10;
    }
    double at = y;
    at += pdf_.text(kMargin, at, inner, beside(kTitle), {.size = 9, .colour = kQuiet});
    at += pdf_.text(kMargin, at, inner, say(kTitle), {.size = 19, .bold = true, .colour = kAccent}) + 1;
    const auto line = [&](const std::string& text, const Style& style, double height, double smallest) {
      if (text.empty()) return;
      at += pdf_.text(kMargin, at, inner, text, fitted(pdf_, text, style, inner, height, smallest));
    };
    const bool dated = attendance::is_day(sheet_.session.id);  // its title is the date, which comes anyway
    line(sheet_.title.empty() && !dated ? sheet_.session.title : sheet_.title,
         {.size = 13, .bold = true, .colour = kInk}, 34, 8);
    line(sheet_.hub.name, {.size = 11, .colour = kInk}, 28, 7);
    line(sheet_date(sheet_.session, sheet_.hub.time_zone, sheet_.language), {.size = 11, .colour = kInk}, 15,
         7);
    return std::max(at, bottom) + 4;
  }

  /// The notice in both languages, side by side. @return where it ends
  double notices(double y) {
    constexpr double kGap = 12;
    const double each = (width_ - kGap) / 2;
    const std::string other_language = sheet_.language == "en" ? "fr" : "en";
    const double left =
        pdf_.text(kMargin, y, each, notice(sheet_, sheet_.language), {.size = 7, .colour = kInk});
    const double right = pdf_.text(kMargin + each + kGap, y, each, notice(sheet_, other_language),
                                   {.size = 7, .colour = kQuiet});
    return y + std::max(left, right) + 6;
  }

  /// Height of one text of the head, and drawing it: fitted so that no word breaks.
  double head_text(const std::string& text, Style style, double x, double y, double width, bool draw) {
    style = fitted(pdf_, text, style, width - 3, 1000, 4);
    return draw ? pdf_.text(x + 1.5, y, width - 3, text, style) : pdf_.measure(text, style, width - 3).height;
  }

  /// Title and choices of one column. @return the height that they take
  double head_of_column(const SheetColumn& column, double x, double y, double choices_y, bool draw) {
    const Style main{.size = 7.5, .bold = true, .colour = kInk, .align = Align::Centre};
    const Style other{.size = 6, .colour = kQuiet, .align = Align::Centre};
    double height = head_text(say(column.title), main, x, y, column.width, draw);
    height += head_text(beside(column.title), other, x, y + height, column.width, draw);
    if (column.choices.empty()) return height;
    double highest = 0;
    const double from = draw ? choices_y : y + height + 2;
    const auto widths = choice_widths(column);
    double left = x;
    for (std::size_t i = 0; i < column.choices.size(); ++i) {
      const double each = widths[i];
      const auto& choice = column.choices[i];
      double its = head_text(say(choice), {.size = 6.5, .colour = kInk, .align = Align::Centre}, left, from,
                             each, draw);
      its += head_text(beside(choice), {.size = 5.5, .colour = kQuiet, .align = Align::Centre}, left,
                       from + its, each, draw);
      highest = std::max(highest, its);
      left += each;
    }
    choices_height_ = std::max(choices_height_, highest);
    return height + 2 + highest;
  }

  double head_of_columns(double y) {
    double highest = 0;
    choices_height_ = 0;
    for (const auto& column : columns_) highest = std::max(highest, head_of_column(column, 0, 0, 0, false));
    const double height = highest + 6;
    pdf_.fill({{kMargin, y, width_, height}}, kHead);
    double x = kMargin;
    for (const auto& column : columns_) {
      head_of_column(column, x, y + 3, y + height - 3 - choices_height_, true);
      x += column.width;
    }
    pdf_.line(kMargin, y, kMargin + width_, y, 0.8, kInk);
    pdf_.line(kMargin, y + height, kMargin + width_, y + height, 0.8, kInk);
    head_top_ = y;
    return y + height;
  }

  /// The lines to write on, from @p top to @p bottom. @return the number of the next one
  int table(double top, double bottom, int number) {
    int rows = sheet_.rows;
    if (rows == 0)
      rows = std::clamp(static_cast<int>((bottom - top) / (lying_ ? kLyingRow : kGoodRow)), kFewestRows,
                        kMostRows);
    const double each = (bottom - top) / rows;
    if (each < kLowestRow)
      throw base::Error{base::Errc::TooLarge,
                        fmt::format("{} rows leave less than 5 mm for each; at most {} fit on this page",
                                    rows, static_cast<int>((bottom - top) / kLowestRow))};
    for (int row = 0; row < rows; ++row) {
      const double y = top + row * each;
      if (row % 2 == 1) pdf_.fill({{kMargin, y, width_, each}}, kStripe);
    }
    for (int row = 0; row < rows; ++row) {
      const double y = top + row * each;
      double x = kMargin;
      for (const auto& column : columns_) {
        cell(column, {x, y, column.width, each}, number + row);
        x += column.width;
      }
      pdf_.line(kMargin, y + each, kMargin + width_, y + each, 0.4, kRule);
    }
    double x = kMargin;
    for (const auto& column : columns_) {
      pdf_.line(x, head_top_, x, bottom, 0.4, kRule);
      x += column.width;
    }
    pdf_.line(x, head_top_, x, bottom, 0.4, kRule);
    return number + rows;
  }

  void cell(const SheetColumn& column, const Box& box, int number) {
    if (column.id == "number") {
      const Style style{.size = 8, .colour = kQuiet, .align = Align::Centre};
      const auto text = std::to_string(number);
      pdf_.text(box.x, box.y + (box.height - pdf_.measure(text, style, box.width).height) / 2, box.width,
                text, style);
    }
    constexpr double kTick = 3.6 * kMillimetre;
    const auto widths = column.id == "consent" ? std::vector<double>{box.width} : choice_widths(column);
    double left = box.x;
    for (const double each : widths) {
      const Box tick{left + (each - kTick) / 2, box.y + (box.height - kTick) / 2, kTick, kTick};
      pdf_.panel(tick, 1, kWhite);
      pdf_.frame(tick, 1, 0.7, kInk);
      left += each;
    }
  }

  void footer(double y, int page) {
    const auto number = fmt::format("Page {} / {}", page, sheet_.pages);
    const double room = 70;
    const Style left = fitted(pdf_, sheet_.hub.name, {.size = 7, .colour = kQuiet}, width_ - room, 10, 3);
    pdf_.text(kMargin, y, width_ - room, sheet_.hub.name, left);
    pdf_.text(kMargin + width_ - room, y, room, number, {.size = 7.5, .colour = kInk, .align = Align::Right});
  }

  const Sheet& sheet_;
  const bool lying_;
  const double width_, height_;  // between the margins; of the page
  const std::vector<SheetColumn> columns_;
  Pdf pdf_;
  double head_top_ = 0, choices_height_ = 0;
};

}  // namespace

std::vector<SheetColumn> sheet_columns(const std::vector<std::string>& ask, double width) {
  const std::vector<Bilingual> yes_no{kYes, kNo};
  const auto asked = [&](std::string_view what) {
    return std::find(ask.begin(), ask.end(), what) != ask.end();
  };
  // Widths in millimetres; 0 shares what is left.
  std::vector<SheetColumn> columns{
      {"number", {"n°", "no."}, 8, {}},
      {"name", {"Nom et prénom", "Full name"}, 0, {}},
      {"affiliation", {"Organisation, école ou entreprise", "Organisation, school or company"}, 0, {}},
      {"member",
       {"Membre de l’Internet Society ?", "Member of the Internet Society?"},
       28,
       {kYes, kNo, {"j’aimerais", "I would like to be"}}},
      {"first_time", {"Première fois ?", "First time?"}, 16, yes_no}};
  if (asked("gender"))
    columns.push_back(
        {"gender", {"Vous êtes", "You are"}, 27, {{"femme", "woman"}, {"homme", "man"}, {"autre", "other"}}});
  if (asked("status"))
    columns.push_back({"status",
                       {"Votre situation", "Your situation"},
                       33,
                       {{"études", "student"}, {"métier", "professional"}, {"autre", "other"}}});
  columns.push_back({"contact",
                     {"E-mail ou téléphone, seulement si « j’aimerais »",
                      "E-mail or telephone, only if “I would like to be”"},
                     0,
                     {}});
  columns.push_back({"in", {"Arrivée", "Time in"}, 15, {}});
  columns.push_back({"consent",
                     {"J’accepte que le hub garde mes réponses.", "I agree that the hub keeps my answers."},
                     19,
                     {}});
  double left = width;
  for (auto& column : columns) left -= column.width *= kMillimetre;
  // Names need most, addresses more than organisations, which have short names.
  const std::pair<std::string_view, double> shares[] = {
      {"name", 0.38}, {"affiliation", 0.29}, {"contact", 0.33}};
  for (auto& column : columns)
    for (const auto& [id, share] : shares)
      if (column.id == id) column.width = left * share;
  return columns;
}

attendance::Session session_of(const attendance::PlannedSession& planned) {
  attendance::Session session;
  session.id = planned.id;
  session.title = planned.title.empty() ? planned.id : planned.title;
  session.acronym = planned.acronym;
  session.meeting = planned.meeting;
  session.channel = planned.channel;
  session.start = planned.start;
  session.end = planned.end;
  session.sign_in_from = planned.start - attendance::kSignInBefore;
  return session;
}

std::string sheet_date(const attendance::Session& session, const std::string& time_zone,
                       std::string_view language) {
  const lib::glib::TimeZone zone{time_zone};
  const auto day = attendance::is_day(session.id) ? session.id : attendance::day_at(zone, session.start).id;
  const auto date = attendance::session_title(day, language);
  if (attendance::is_day(session.id)) return date;
  const auto clock = [&](base::Wall time) { return zone.iso(time).substr(11, 5); };
  return fmt::format("{}, {}–{}", date, clock(session.start), clock(session.end));
}

std::string sheet_pdf(const Sheet& sheet) {
  if (sheet.rows != 0 && (sheet.rows < kFewestRows || sheet.rows > kMostRows))
    throw base::Error{base::Errc::Invalid,
                      fmt::format("{} rows: {} to {} fit on a page", sheet.rows, kFewestRows, kMostRows)};
  if (sheet.pages < 1 || sheet.pages > kMostPages)
    throw base::Error{base::Errc::Invalid,
                      fmt::format("{} pages: 1 to {} are printed at a time", sheet.pages, kMostPages)};
  return Pages{sheet}.draw();
}

}  // namespace hub::reports
