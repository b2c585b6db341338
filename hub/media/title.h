#pragma once
#include <string>
#include <string_view>

namespace hub::media {

/// @p text as a stream::Title may carry it: control characters removed, at most 500 bytes, cut between two
/// characters. Text that is not UTF-8 is taken for ISO 8859-1, as ICY servers without a charset send it.
[[nodiscard]] std::string clean_title(std::string_view text);

}  // namespace hub::media
