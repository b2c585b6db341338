#include "hub/cli/sheet_command.h"

#include "hub/attendance/day.h"
#include "hub/base/error.h"
#include "hub/lib/glib/time_zone.h"
#include "hub/reports/sheet.h"

#include <boost/program_options.hpp>
#include <fmt/format.h>

namespace hub::cli {
namespace {

namespace po = boost::program_options;

attendance::Session find_session(const config::File& file, const std::string& wanted, base::Wall now,
                                 const std::string& language) {
  std::string known;
  for (const auto& planned : file.privacy.sessions) {
    auto session = reports::session_of(planned);
    if (wanted.empty() ? session.sign_in_from <= now && now < session.end : session.id == wanted)
      return session;
    known += (known.empty() ? "" : ", ") + planned.id;
  }
  const auto day = attendance::day_at(lib::glib::TimeZone{file.identity.time_zone}, now);
  attendance::Session session;
  session.id = wanted.empty() ? day.id : wanted;
  session.title = attendance::session_title(session.id, language);
  session.start = day.start;
  session.end = day.end;
  // The title of a day is its date; that of anything else would be the id again.
  if (attendance::is_day(session.id) && session.title != session.id) return session;
  throw base::Error{base::Errc::NotFound,
                    fmt::format("there is no session \"{}\" in the settings; {}", wanted,
                                known.empty() ? "write a [[session]], or give a day such as " + day.id
                                              : "there are " + known)};
}

}  // namespace

int run_sheet(const std::vector<std::string>& arguments, const FindUrls& find, const base::Clock& clock,
              std::ostream& out, std::ostream& err) {
  return guarded("sheet", err, [&] {
    Options options{
        "viewing-hub sheet [--config FILE] [--session ID] [--title TEXT] [--rows N] [--pages N] [--lang "
        "fr|en]\n"
        "                         [--url URL] [--output FILE|-] [--force]",
        "Makes a sign-in sheet, PDF, A4, with the fields of the sign-in form and the notice about the data. "
        "The "
        "desk enters\nit afterwards."};
    add_paper_options(options, "sheet.pdf");
    options.own().add_options()(
        "session", po::value<std::string>()->value_name("ID")->default_value("", ""),
        "a [[session]] of the settings or a day such as local:2027-01-15; the one of now "
        "if not given")("title", po::value<std::string>()->value_name("TEXT")->default_value("", ""),
                        "title on the sheet, instead of the session's")(
        "rows", po::value<int>()->value_name("N")->default_value(0, ""),
        "lines on a page, 5 to 30; as many as are easy to write on if not given")(
        "pages", po::value<int>()->value_name("N")->default_value(1), "1 to 50");
    const auto values = options.parse(arguments, out);
    if (!values) return kDone;
    const int rows = (*values)["rows"].as<int>();
    const int pages = (*values)["pages"].as<int>();
    if (rows != 0 && (rows < reports::kFewestRows || rows > reports::kMostRows))
      throw WrongUse{"--rows is 5 to 30"};
    if (pages < 1 || pages > reports::kMostPages) throw WrongUse{"--pages is 1 to 50"};
    const auto file = load_config(path_option(*values, "config"), path_option(*values, "data-dir"));
    const auto language = paper_language_option(*values, file);
    auto session = find_session(file, (*values)["session"].as<std::string>(), clock.wall(), language);
    const auto title = (*values)["title"].as<std::string>();
    const auto address = url_option(*values, file, find, err);
    if (address.empty())
      err << "This machine has no address on a network, so the sheet has no QR code; give the address with "
             "--url.\n";
    const reports::Sheet sheet{file.identity, file.privacy, std::move(session), title, language, address,
                               rows,          pages,        clock.wall()};
    write_document(*values, reports::sheet_pdf(sheet), out, err);
    return kDone;
  });
}

}  // namespace hub::cli
