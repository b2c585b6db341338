#pragma once
#include "hub/web/message.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hub::web {

/// Percent-decodes a path that starts with '/'. Nothing if it is malformed: bad escapes, not UTF-8, a NUL or
/// control character, a backslash, an escaped slash, an empty, "." or ".." segment. So what comes out names
/// one thing only.
[[nodiscard]] std::optional<std::string> decode_path(std::string_view raw);
/// application/x-www-form-urlencoded; a repeated key keeps the first; what cannot be decoded is left out.
[[nodiscard]] std::map<std::string, std::string> parse_query(std::string_view raw);
/// The value of cookie @p name in a Cookie header; empty if it is missing or has other characters than
/// [A-Za-z0-9_-] (all our tokens have only these) or more than 128 of them.
[[nodiscard]] std::string cookie(std::string_view header, std::string_view name);
/// The {name} parts of @p pattern if @p path has its shape. A part is never empty and never holds a '/'.
[[nodiscard]] std::optional<std::map<std::string, std::string>> match(std::string_view pattern,
                                                                      std::string_view path);

}  // namespace hub::web
