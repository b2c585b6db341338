#pragma once
#include "hub/base/error.h"

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace hub::base {

using Json = nlohmann::json;

/// Parses untrusted JSON. Deeper than @p max_depth levels or invalid UTF-8 is Errc::Invalid with the place in
/// words.
[[nodiscard]] Result<Json> parse_json(std::string_view text, int max_depth = 16);

/// @p object's string, number or boolean at @p key if it is there and of that type; nothing otherwise.
[[nodiscard]] std::optional<std::string> string_at(const Json& object, const char* key);
[[nodiscard]] std::optional<bool> bool_at(const Json& object, const char* key);

/// True if @p text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace hub::base
