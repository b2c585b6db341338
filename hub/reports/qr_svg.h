#pragma once
#include <string>
#include <string_view>

namespace hub::reports {

/// A QR code of @p text as an SVG image, black on white whatever the page around it, with the quiet zone of
/// four modules that readers ask for. The text is its title, for screen readers.
/// @throws base::Error{TooLarge} as lib::qrencode::QrCode does.
[[nodiscard]] std::string qr_svg(std::string_view text);

}  // namespace hub::reports
