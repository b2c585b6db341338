#pragma once
#include <chrono>
#include <string_view>

namespace hub::attendance {

/// Version of the consent text that the page of this program shows; kept with each sign-in. The text and this
/// change together.
inline constexpr std::string_view kConsentVersion = "2026-11";

/// Section `[attendance]`.
struct Settings {
  /// Names, answers and e-mail addresses are removed this long after the end of the last session of a person;
  /// counts stay. 1 to 3650.
  std::chrono::days retention{60};
  /// Whether the form asks for an e-mail address; if not, one that is sent is not kept.
  bool ask_email = true;
};

}  // namespace hub::attendance
