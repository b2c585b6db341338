#pragma once
#include "hub/attendance/register.h"
#include "hub/base/error.h"

#include <string>
#include <string_view>

namespace hub::attendance {

/// Checks the body of POST /api/v1/sign-in (hub/web/API.md). Texts are trimmed, runs of white space become
/// one space, control characters (C0, C1, line and paragraph separators) go; everything else stays: quotes,
/// right-to-left marks, emoji. Unknown fields are ignored.
/// @param language  of the error sentences and of the consent text that was shown: fr or en.
/// @return Errc::Invalid with a sentence that names the field and says what to do.
[[nodiscard]] base::Result<SignIn> parse_sign_in(std::string_view body, std::string_view language);

/// @p text as it is kept: see parse_sign_in(). Precondition: well-formed UTF-8.
[[nodiscard]] std::string clean(std::string_view text);

}  // namespace hub::attendance
