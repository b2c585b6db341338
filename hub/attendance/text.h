#pragma once
#include <string>
#include <string_view>

/// Texts that people type. Precondition of all: well-formed UTF-8.
namespace hub::attendance {

/// @p text as it is kept: trimmed, runs of white space become one space, control characters (C0, C1, line and
/// paragraph separators) go; everything else stays: quotes, right-to-left marks, emoji.
[[nodiscard]] std::string clean(std::string_view text);

/// False for a text of blanks and marks without width, right-to-left ones and joiners: a name of nothing else
/// is no name.
[[nodiscard]] bool is_visible(std::string_view text);

}  // namespace hub::attendance
