#pragma once
#include "hub/base/clock.h"

#include <chrono>
#include <string>
#include <string_view>

namespace hub::attendance {

/// A session takes sign-ins from so long before its start.
inline constexpr std::chrono::minutes kSignInBefore{60};

/// What people sign in to: something with a beginning and an end, with or without a stream.
///
///     Upcoming ──start──► Open ──"everybody left", planned end──► Closed
struct Session {
  std::string id;                         ///< [A-Za-z0-9:._-]{1,80}; `local:2027-01-15` is a day of the hub
  std::string title;                      ///< in the language asked; never empty
  std::string acronym, meeting, channel;  ///< empty where it has none
  base::Wall start{},
      end{};  ///< the end is the planned one, or a later one that the host gave, or when it was closed
  base::Wall sign_in_from{};  ///< sign-ins are taken from here to the end
  enum class State { Upcoming, Open, Closed } state = State::Upcoming;
  /// Nobody closed it: it ended as planned, with people in it.
  bool forgotten = false;
};

/// upcoming, open, closed
[[nodiscard]] std::string_view to_string(Session::State state) noexcept;

/// True for a day of the hub, which is the session while no other takes sign-ins.
[[nodiscard]] bool is_day(std::string_view id) noexcept;

/// True for 1 to 80 of A-Z, a-z, 0-9 and `: . _ -`.
[[nodiscard]] bool is_session_id(std::string_view id) noexcept;

}  // namespace hub::attendance
