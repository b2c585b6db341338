#include "hub/reports/paper.h"

#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
#include "hub/reports/poster.h"
#include "hub/reports/qr_svg.h"
#include "hub/reports/sheet.h"
#include "hub/web/handlers.h"
#include "hub/web/press.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace hub::web {
namespace {

using base::Errc;

std::string query(const Request& request, const char* key) {
  const auto found = request.query.find(key);
  return found == request.query.end() ? std::string{} : found->second;
}

/// As on the command line: ?lang=, else the hub's first language, not the browser's. Nothing if it is
/// neither.
std::optional<std::string> language_of(const Services& services, const Request& request) {
  const auto wanted = query(request, "lang");
  if (wanted.empty()) return reports::paper_language(services.identity);
  if (wanted == "fr" || wanted == "en") return wanted;
  return std::nullopt;
}

/// Answers with the PDF, or says why there is none.
Press::Then deliver(const Request& request, std::string file_name, Reply reply) {
  return [language = request.language, file_name = std::move(file_name),
          reply = std::move(reply)](base::Result<std::string> made) {
    if (!made) {
      if (made.error().code == Errc::Busy)
        return reply(error_response(fail(Errc::Busy, Text::PressBusy, language)));
      if (made.error().code == Errc::TooLarge)
        return reply(error_response(fail(Errc::TooLarge, Text::NoRoomOnPage, language)));
      return reply(error_response(made.error()));
    }
    Response response;
    response.content_type = "application/pdf";
    response.body = *std::move(made);
    response.headers.emplace_back("Content-Disposition", fmt::format("inline; filename=\"{}\"", file_name));
    response.headers.emplace_back("Cache-Control", "no-store");
    reply(std::move(response));
  };
}

}  // namespace

void sheet(Services& services, const Request& request, Reply reply) {
  const auto language = language_of(services, request);
  if (!language) return reply(error_response(fail(Errc::Invalid, Text::BadLanguage, request.language)));
  const auto wanted = query(request, "session");
  std::optional<attendance::Session> session;
  if (wanted.empty()) {
    session = services.attendance.current(*language);
  } else {
    for (auto& one : services.attendance.today(*language))
      if (one.id == wanted) session = std::move(one);
    // One of another day: sheets are printed the day before.
    for (const auto& planned : services.privacy.sessions)
      if (!session && planned.id == wanted) session = reports::session_of(planned);
  }
  if (!session) return reply(error_response(fail(Errc::NotFound, Text::NoSuchSession, request.language)));
  services.press.print(
      [hub = services.identity, settings = services.privacy, session = *std::move(session),
       language = *language, address = services.press.address(request.host), now = services.clock.wall()] {
        return reports::sheet_pdf({hub, settings, session, "", language, address, 0, 1, now});
      },
      deliver(request, "sheet.pdf", std::move(reply)));
}

void poster(Services& services, const Request& request, Reply reply) {
  const auto language = language_of(services, request);
  if (!language) return reply(error_response(fail(Errc::Invalid, Text::BadLanguage, request.language)));
  auto address = services.press.address(request.host);
  if (address.empty()) return reply(error_response(fail(Errc::NotFound, Text::NoAddress, request.language)));
  services.press.print(
      [poster = reports::Poster{services.identity.name, *language, std::move(address), services.press.wifi(),
                                services.clock.wall()}] { return reports::poster_pdf(poster); },
      deliver(request, "poster.pdf", std::move(reply)));
}

void qr(Services& services, const Request& request, Reply reply) {
  const auto address = services.press.address(request.host);
  if (address.empty()) return reply(error_response(fail(Errc::NotFound, Text::NoAddress, request.language)));
  Response response;
  response.content_type = "image/svg+xml";
  response.body = reports::qr_svg(address);
  response.headers.emplace_back("Cache-Control", "no-store");  // the address of the machine may change
  reply(std::move(response));
}

}  // namespace hub::web
