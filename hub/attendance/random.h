#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hub::attendance {

/// Fills @p bytes from the kernel's generator. @throws base::Error{Io} if it cannot be read.
void fill_random(std::span<std::uint8_t> bytes);
/// @p bytes random bytes as lower-case hexadecimal digits.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace hub::attendance
