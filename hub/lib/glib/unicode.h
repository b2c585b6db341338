#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace hub::lib::glib {

/// A form in which two spellings of one word are equal: NFKC, then case folding. For comparison only, never
/// shown. @param text  well-formed UTF-8; anything else comes back unchanged.
[[nodiscard]] std::string fold(std::string_view text);

/// Columns that @p text takes on a terminal: none for combining and formatting characters, two for wide ones.
[[nodiscard]] std::size_t columns(std::string_view text);

/// @p text as a part of a file name or an address: its letters without accents in lower case and its digits,
/// everything else as single hyphens between them; "Réunion DNSOP (2)" → "reunion-dnsop-2". Empty if there is
/// neither. @param text  UTF-8. @param most  bytes
[[nodiscard]] std::string slug(std::string_view text, std::size_t most);

}  // namespace hub::lib::glib
