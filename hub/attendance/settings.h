#pragma once
#include <chrono>
#include <string>

namespace hub::attendance {

/// Section `[attendance]`.
struct Settings {
  /// Names, answers and e-mail addresses are removed this long after the end of the last session of a person;
  /// counts stay. 1 to 3650.
  std::chrono::days retention{60};
  /// Version of the consent text that the page shows; kept with each sign-in.
  std::string consent_version = "2026-11";
  /// Whether the form asks for an e-mail address; if not, one that is sent is not kept.
  bool ask_email = true;
};

}  // namespace hub::attendance
