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

}  // namespace hub::lib::glib
