#pragma once
#include "hub/base/clock.h"
#include "hub/lib/glib/time_zone.h"

#include <string>
#include <string_view>

namespace hub::attendance {

/// The session that stands for a day of the hub while no other is configured.
struct Day {
  std::string id;  ///< "local:2027-01-15"
  base::Wall start{}, end{};
  [[nodiscard]] bool contains(base::Wall time) const { return start <= time && time < end; }
};

/// The day of @p zone that @p time lies in.
[[nodiscard]] Day day_at(const lib::glib::TimeZone& zone, base::Wall time);

/// What people call the session @p id: "15 janvier 2027", "15 January 2027"; the id itself if it is no day.
[[nodiscard]] std::string session_title(std::string_view id, std::string_view language);

}  // namespace hub::attendance
