#include "hub/attendance/session.h"

#include <algorithm>

namespace hub::attendance {

std::string_view to_string(Session::State state) noexcept {
  switch (state) {
    case Session::State::Upcoming:
      return "upcoming";
    case Session::State::Open:
      return "open";
    case Session::State::Closed:
      return "closed";
  }
  return {};
}

bool is_day(std::string_view id) noexcept {
  return id.starts_with("local:");
}

bool is_session_id(std::string_view id) noexcept {
  constexpr std::size_t kLongest = 80;
  const auto fine = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' ||
           c == '.' || c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= kLongest && std::all_of(id.begin(), id.end(), fine);
}

}  // namespace hub::attendance
