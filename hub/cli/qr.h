#pragma once
#include <string>
#include <string_view>

namespace hub::cli {

/// A QR code of @p text for a terminal: UTF-8 half blocks, two rows of modules to a line, with the quiet zone
/// of four modules around (ISO/IEC 18004, 9.1). @param colours  sets black on white by ANSI sequences, so
/// that it can be read from a dark terminal too; without, it is right on paper and on a light background.
/// @throws base::Error{TooLarge} if @p text does not fit.
[[nodiscard]] std::string terminal_qr(std::string_view text, bool colours);

}  // namespace hub::cli
