#pragma once
#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace hub::attendance {

/// A sheet with more lines is entered in parts.
inline constexpr std::size_t kMaxDeskLines = 500;

/// Checks the body of POST /api/v1/sign-in (hub/web/API.md). Texts are cleaned (text.h). Unknown fields are
/// ignored, unknown answers are not; what the hub does not ask (gender, status) and a contact that nobody may
/// use are not kept.
/// @param language  of the error sentences and of the consent text that was shown.
/// @return Errc::Invalid with a sentence that names the field and says what to do.
[[nodiscard]] base::Result<Register::Arrival> parse_sign_in(std::string_view body, std::string_view language,
                                                            const Settings& settings);

/// Checks the body of POST /api/v1/host/desk. What a sheet does not say is missing: nothing but a name (or
/// the reference of somebody known) has to be there.
[[nodiscard]] std::variant<Register::DeskAdd, Register::BadLine> parse_desk(std::string_view body,
                                                                            std::string_view language,
                                                                            const Settings& settings);

/// True for something like awa@example.org: only what a slip of the thumb looks like is caught; whether mail
/// arrives is known by sending some.
[[nodiscard]] bool is_email(std::string_view text) noexcept;

}  // namespace hub::attendance
