#pragma once
#include "hub/attendance/day.h"
#include "hub/attendance/session.h"
#include "hub/attendance/settings.h"
#include "hub/attendance/state.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hub::attendance {

/// All sessions that the hub knows: those of the config, those of the log, and its days.
class Roster {
 public:
  explicit Roster(lib::glib::TimeZone zone) : zone_{std::move(zone)} {}
  /// A session of the log counts as the log has it.
  Roster(lib::glib::TimeZone zone, const Settings& settings, const State& state);

  /// The one that a sign-in counts for at @p now: one that is open (the last that began), else the next one
  /// that takes sign-ins, else the day.
  [[nodiscard]] Session current(base::Wall now, std::string_view language) const;
  /// Those that touch the day of @p now, by start; the day itself while it is current or somebody is in it.
  [[nodiscard]] std::vector<Session> today(base::Wall now, std::string_view language) const;
  /// The session @p id, current() for an empty one. NotFound for one that is not known. @param language  of
  /// the titles and of the sentence
  [[nodiscard]] base::Result<Session> find(std::string_view id, base::Wall now,
                                           std::string_view language) const;
  [[nodiscard]] bool contains(std::string_view id) const { return sessions_.contains(id); }
  /// One of @p channel that is not over and shares a moment with [start, end).
  [[nodiscard]] const Session* overlap(std::string_view channel, base::Wall start, base::Wall end,
                                       base::Wall now) const;
  [[nodiscard]] const lib::glib::TimeZone& zone() const noexcept { return zone_; }

 private:
  [[nodiscard]] Session at(const Session& session, base::Wall now, std::string_view language) const;
  [[nodiscard]] Session day(base::Wall now, std::string_view language) const;

  lib::glib::TimeZone zone_;
  std::map<std::string, Session, std::less<>> sessions_;  // Closed: by the host
};

/// True if @p session takes sign-ins at @p now.
[[nodiscard]] bool takes_sign_ins(const Session& session, base::Wall now) noexcept;

/// "127-dnsop-20270315" of what is there of meeting and acronym; only characters of an id.
[[nodiscard]] std::string make_session_id(std::string_view meeting, std::string_view acronym,
                                          lib::glib::Date date);

/// A session of the log. @param language  of the title of a day
[[nodiscard]] Session session_of(const std::string& id, const State::Shape& shape, std::string_view language);

}  // namespace hub::attendance
