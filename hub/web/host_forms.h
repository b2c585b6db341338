#pragma once
#include "hub/attendance/register.h"
#include "hub/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

/// The bodies of the host's requests about sessions and the desk (API.md), checked but not yet acted upon.
/// Pure. `language` is of the error sentences: fr or en; each names the field and says what to do. Texts are
/// cleaned (hub/attendance/text.h); unknown members are ignored; null is as good as missing. The desk's list
/// of persons is read by attendance::parse_desk().
namespace hub::web {

/// Who asks is left empty. Times are read by the register, which knows the day.
[[nodiscard]] base::Result<attendance::Register::NewSession> parse_new_session(std::string_view body,
                                                                               std::string_view language);
/// @param id  of the path.
[[nodiscard]] base::Result<attendance::Register::SessionChange> parse_session_change(
    std::string_view body, std::string_view id, std::string_view language);
/// @param ref  of the path.
[[nodiscard]] base::Result<attendance::Register::DeskLeft> parse_left(std::string_view body,
                                                                      std::string_view ref,
                                                                      std::string_view language);
/// The change to take back.
[[nodiscard]] base::Result<std::string> parse_undo(std::string_view body, std::string_view language);
/// The code that brings a cookie back, as it was typed.
[[nodiscard]] base::Result<std::string> parse_code(std::string_view body, std::string_view language);
/// A body whose only member may be a session: its id, or empty.
[[nodiscard]] base::Result<std::string> parse_session_only(std::string_view body, std::string_view language);

struct HeadCount {
  std::string session;
  std::int64_t count = 0;  ///< 0 to 100 000
};
[[nodiscard]] base::Result<HeadCount> parse_head_count(std::string_view body, std::string_view language);

}  // namespace hub::web
