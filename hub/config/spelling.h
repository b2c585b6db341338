#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace hub::config {

/// The one of @p known that @p word was probably meant to be: the nearest by edits (insert, delete, replace,
/// swap of neighbours), at most one edit for each three letters. Nothing if none is that near.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> known);

}  // namespace hub::config
