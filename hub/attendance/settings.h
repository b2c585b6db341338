#pragma once
#include "hub/base/clock.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace hub::attendance {

/// Version of the consent text that the page of this program shows; kept with each sign-in. The text and this
/// change together.
inline constexpr std::string_view kConsentVersion = "2026-12";

/// A text in French and English; one that is written in one language only is the same in the other.
struct Text {
  std::string fr, en;
  [[nodiscard]] const std::string& in(std::string_view language) const noexcept {
    return (language == "fr" && !fr.empty()) || en.empty() ? fr : en;
  }
  /// What stands for it in the log: the French text if there is one.
  [[nodiscard]] const std::string& key() const noexcept { return in("fr"); }
};

/// Section `[[sign_in.question]]`: a question of the hub's own. Nobody has to answer.
struct Question {
  std::string id;  ///< 1 to 40 of a-z, 0-9 and _
  Text text;
  std::vector<Text> choices;  ///< 2 to 8; empty: yes or no
};

/// Section `[[session]]`.
struct PlannedSession {
  std::string id, title, acronym, meeting;
  std::string channel;  ///< an id of the channels, or empty
  base::Wall start{}, end{};
};

/// Sections `[privacy]`, `[sign_in]` and `[[session]]`.
struct Settings {
  /// Names, answers and addresses are removed this long after the end of the last session of a person;
  /// counts stay. 1 to 3650.
  std::chrono::days retention{60};
  std::string controller;  ///< who answers for the personal data: a name, or empty
  std::string contact;     ///< where to ask about it: e-mail, telephone, or empty
  /// Which optional questions the form asks, of "gender" and "status"; an answer to another one is not kept.
  std::vector<std::string> ask;
  std::vector<Question> questions;       ///< at most 5
  std::vector<PlannedSession> sessions;  ///< ids differ; no two of one channel overlap
};

/// True if @p settings ask for @p what: gender, status.
[[nodiscard]] inline bool asks(const Settings& settings, std::string_view what) noexcept {
  return std::find(settings.ask.begin(), settings.ask.end(), what) != settings.ask.end();
}

}  // namespace hub::attendance
