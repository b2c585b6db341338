#pragma once
#include "hub/attendance/session.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
#include "hub/reports/paper.h"

#include <string>
#include <string_view>
#include <vector>

namespace hub::reports {

/// A paper list to sign in on, for who has no phone and for power cuts; the desk enters it afterwards.
struct Sheet {
  const base::Identity& hub;
  const attendance::Settings& settings;  ///< [privacy] for the notice; what the form asks for the columns
  attendance::Session session;
  std::string title;     ///< empty: the session's; the date stands below in any case
  std::string language;  ///< fr or en: the large one; the other stands small beside it
  std::string address;   ///< of the page, as a QR code; empty: none
  int rows = 0;          ///< lines on a page, kFewestRows to kMostRows; 0: as many as are easy to write on
  int pages = 1;         ///< 1 to kMostPages
  base::Wall created{};
};

inline constexpr int kFewestRows = 5, kMostRows = 30, kMostPages = 50;

/// One column of the sheet.
struct SheetColumn {
  std::string id;  ///< number, name, affiliation, member, first_time, gender, status, contact, in, consent
  Bilingual title;
  double width = 0;                ///< points
  std::vector<Bilingual> choices;  ///< boxes to tick, one below each of these words; empty: a blank
};

/// The columns, with the fields of the sign-in form, in order; their widths add up to @p width. @param ask
/// the optional questions: gender, status.
[[nodiscard]] std::vector<SheetColumn> sheet_columns(const std::vector<std::string>& ask, double width);

/// A session of the config, for a sheet that is printed ahead.
[[nodiscard]] attendance::Session session_of(const attendance::PlannedSession& planned);

/// "15 janvier 2027, 09:30–11:00": the day of @p session in the hub's zone, and the times unless it is a
/// whole day.
[[nodiscard]] std::string sheet_date(const attendance::Session& session, const std::string& time_zone,
                                     std::string_view language);

/// The pages, A4: upright, or lying where optional questions need the width. Each has the notice about the
/// data in French and English. Long texts become smaller or wrap; nothing is cut. Takes some milliseconds.
/// @return a PDF. @throws base::Error{Invalid} if rows or pages are out of range; {TooLarge} if so many rows
/// leave less than 5 mm for each.
[[nodiscard]] std::string sheet_pdf(const Sheet& sheet);

}  // namespace hub::reports
