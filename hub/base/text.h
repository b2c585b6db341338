#pragma once
#include <cstddef>
#include <string_view>

namespace hub::base {

/// True if @p text holds a control character of ASCII.
[[nodiscard]] bool has_control(std::string_view text) noexcept;

/// Length in characters (code points). Precondition: well-formed UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view text) noexcept;

}  // namespace hub::base
