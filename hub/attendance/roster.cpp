#include "hub/attendance/roster.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace hub::attendance {
namespace {

base::Wall wall(std::int64_t ms) {
  return base::Wall{base::Millis{ms}};
}

Session planned(const PlannedSession& plan) {
  Session session;
  session.id = plan.id;
  session.title = plan.title;
  session.acronym = plan.acronym;
  session.meeting = plan.meeting;
  session.channel = plan.channel;
  session.start = plan.start;
  session.end = plan.end;
  session.sign_in_from = plan.start - kSignInBefore;
  return session;
}

}  // namespace

Session session_of(const std::string& id, const State::Shape& shape, std::string_view language) {
  Session session;
  session.id = id;
  session.title = shape.title.empty() ? session_title(id, language) : shape.title;
  session.acronym = shape.acronym;
  session.meeting = shape.meeting;
  session.channel = shape.channel;
  session.start = wall(shape.planned.start_ms);
  session.end = wall(shape.end_ms);
  session.sign_in_from = is_day(id) ? session.start : session.start - kSignInBefore;
  if (shape.closed) session.state = Session::State::Closed;
  return session;
}

Roster::Roster(lib::glib::TimeZone zone, const Settings& settings, const State& state)
    : zone_{std::move(zone)} {
  for (const auto& plan : settings.sessions) sessions_.emplace(plan.id, planned(plan));
  for (const auto& [id, session] : state.sessions())
    if (!session.id.empty()) sessions_.insert_or_assign(id, session_of(id, state.shape(session), "en"));
}

bool takes_sign_ins(const Session& session, base::Wall now) noexcept {
  return session.state != Session::State::Closed && session.sign_in_from <= now && now < session.end;
}

Session Roster::at(const Session& known, base::Wall now, std::string_view language) const {
  Session session = known;
  if (is_day(session.id)) session.title = session_title(session.id, language);
  if (session.title.empty()) session.title = session.acronym.empty() ? session.id : session.acronym;
  if (session.state == Session::State::Closed) return session;
  session.state = now < session.start ? Session::State::Upcoming
                  : now < session.end ? Session::State::Open
                                      : Session::State::Closed;
  return session;
}

Session Roster::day(base::Wall now, std::string_view language) const {
  const Day day = day_at(zone_, now);
  Session session;
  session.id = day.id;
  session.title = session_title(day.id, language);
  session.start = session.sign_in_from = day.start;
  session.end = day.end;
  session.state = Session::State::Open;
  return session;
}

Session Roster::current(base::Wall now, std::string_view language) const {
  const Session* best = nullptr;
  const auto rank = [now](const Session& session) {
    // Of the open ones the last that began; of the others the first that begins.
    const bool open = session.start <= now;
    const auto apart = open ? now - session.start : session.start - now;
    return std::tuple{!open, apart, std::string_view{session.id}};
  };
  for (const auto& [id, session] : sessions_)
    if (!is_day(id) && takes_sign_ins(session, now) && (!best || rank(session) < rank(*best)))
      best = &session;
  return best ? at(*best, now, language) : day(now, language);
}

std::vector<Session> Roster::today(base::Wall now, std::string_view language) const {
  const Session today = day(now, language);
  const std::string current_id = current(now, language).id;
  std::vector<Session> list;
  for (const auto& [id, session] : sessions_)
    if (!is_day(id) && session.start < today.end && session.end > today.start)
      list.push_back(at(session, now, language));
  if (current_id == today.id || sessions_.contains(today.id)) list.push_back(today);
  std::sort(list.begin(), list.end(), [](const Session& a, const Session& b) {
    return std::tie(a.start, a.id) < std::tie(b.start, b.id);
  });
  return list;
}

base::Result<Session> Roster::find(std::string_view id, base::Wall now, std::string_view language) const {
  if (id.empty()) return current(now, language);
  if (const auto found = sessions_.find(id); found != sessions_.end())
    return at(found->second, now, language);
  if (Session today = day(now, language); today.id == id) return today;
  return base::Failure{base::Errc::NotFound,
                       fmt::format(fmt::runtime(language == "fr" ? "La session « {} » n'existe pas."
                                                                 : "There is no session \"{}\"."),
                                   id)};
}

const Session* Roster::overlap(std::string_view channel, base::Wall start, base::Wall end,
                               base::Wall now) const {
  if (channel.empty()) return nullptr;
  for (const auto& [id, session] : sessions_)
    if (session.channel == channel && session.state != Session::State::Closed && session.end > now &&
        session.start < end && start < session.end)
      return &session;
  return nullptr;
}

std::string make_session_id(std::string_view meeting, std::string_view acronym, lib::glib::Date date) {
  std::string id;
  for (const auto part : {meeting, acronym}) {
    for (const char c : part) id += is_session_id({&c, 1}) ? c : '-';
    if (!part.empty()) id += '-';
  }
  constexpr std::size_t kRoom = 80 - 12;  // for the date, and for a number after it
  return fmt::format("{}{:04}{:02}{:02}", id.substr(0, kRoom), date.year, date.month, date.day);
}

}  // namespace hub::attendance
