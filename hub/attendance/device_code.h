#pragma once
#include <string>
#include <string_view>

namespace hub::attendance {

/// Six characters (Crockford's base 32) that follow from a device's token, so that nothing more is kept.
[[nodiscard]] std::string device_code(std::string_view token);

/// @p typed as device_code() writes it: capitals, no blanks and dashes, O for nought and I and L for one read
/// as such.
[[nodiscard]] std::string normal_code(std::string_view typed);

}  // namespace hub::attendance
