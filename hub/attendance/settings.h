#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace hub::attendance {

/// Version of the consent text that the page of this program shows; kept with each sign-in. The text and this
/// change together.
inline constexpr std::string_view kConsentVersion = "2026-11";

/// Section `[privacy]`.
struct Settings {
  /// Names, answers and e-mail addresses are removed this long after the end of the last session of a person;
  /// counts stay. 1 to 3650.
  std::chrono::days retention{60};
  std::string controller;  ///< who answers for the personal data: a name, or empty
  std::string contact;     ///< where to ask about it: e-mail, telephone, or empty
  /// Whether the form asks for an e-mail address; if not, one that is sent is not kept.
  bool ask_email = true;
};

}  // namespace hub::attendance
