#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace hub::lib::glib {

/// SHA-256 of @p bytes.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(std::string_view bytes);

}  // namespace hub::lib::glib
