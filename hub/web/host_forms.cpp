#include "hub/web/host_forms.h"

#include "hub/attendance/text.h"
#include "hub/base/json.h"
#include "hub/base/text.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace hub::web {
namespace {

using attendance::Register;
using base::Errc;
using base::Failure;

// Limits in code points.
constexpr std::size_t kTitle = 200;
constexpr std::size_t kWord = 80;  // ids, acronyms, times
constexpr std::size_t kWhy = 300;
constexpr std::int64_t kMostHeads = 100'000;

struct Words {
  std::string_view fr, en;
};
constexpr Words kTitleLabel{"Titre (title)", "Title (title)"};
constexpr Words kAcronym{"Sigle (acronym)", "Acronym (acronym)"};
constexpr Words kMeeting{"Réunion (meeting)", "Meeting (meeting)"};
constexpr Words kId{"Identifiant (id)", "Identifier (id)"};
constexpr Words kChannel{"Canal (channel)", "Channel (channel)"};
constexpr Words kStart{"Début (start)", "Start (start)"};
constexpr Words kEnd{"Fin (end)", "End (end)"};
constexpr Words kWhyLabel{"Raison (why)", "Reason (why)"};
constexpr Words kSession{"Session (session)", "Session (session)"};
constexpr Words kAt{"Heure (at)", "Time (at)"};
constexpr Words kChange{"Modification (change)", "Change (change)"};
constexpr Words kCode{"Code (code)", "Code (code)"};
constexpr Words kCount{"Effectif (count)", "Head-count (count)"};

/// One body; the first thing that is wrong stays.
class Reader {
 public:
  Reader(std::string_view body, std::string_view language) : french_{language == "fr"} {
    auto json = base::parse_json(body, 3);
    if (json && json->is_object())
      form_ = *std::move(json);
    else
      fail(french_ ? "Le contenu envoyé n'a pas pu être lu : un objet JSON en UTF-8 est attendu."
                   : "What was sent could not be read: a JSON object in UTF-8 is expected.");
  }

  std::string text(const char* key, Words label, std::size_t limit) {
    return maybe_text(key, label, limit).value_or("");
  }

  std::optional<std::string> maybe_text(const char* key, Words label, std::size_t limit) {
    const auto found = form_.find(key);
    if (found == form_.end() || found->is_null()) return std::nullopt;
    if (!found->is_string()) {
      fail({"{} : un texte est attendu.", "{}: a text is expected."}, label);
      return std::nullopt;
    }
    auto value = attendance::clean(found->get_ref<const std::string&>());
    if (base::code_points(value) > limit)
      fail({"{} : au plus {} caractères.", "{}: at most {} characters."}, label, limit);
    return value;
  }

  /// An id: what cannot be one is refused before anybody looks for it.
  std::string id(const char* key, Words label) {
    auto value = text(key, label, kWord);
    if (!value.empty() && !attendance::is_session_id(value))
      fail({"{} : 1 à 80 lettres sans accent, chiffres et « : . _ - » sont permis.",
            "{}: 1 to 80 letters without accents, digits and \": . _ -\" are allowed."},
           label);
    return value;
  }

  std::string needed(const char* key, Words label, std::size_t limit, Words what) {
    auto value = text(key, label, limit);
    if (!attendance::is_visible(value)) fail(what, label);
    return value;
  }

  std::int64_t count() {
    const auto found = form_.find("count");
    if (found != form_.end() && found->is_number_integer()) {
      // A number above 2^63 is unsigned and would turn negative.
      const bool huge =
          found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{kMostHeads};
      const auto value = huge ? -1 : found->get<std::int64_t>();
      if (value >= 0 && value <= kMostHeads) return value;
    }
    fail({"{} : écrivez un nombre entier de 0 à {}. Rien n'a été changé.",
          "{}: write a whole number from 0 to {}. Nothing was changed."},
         kCount, kMostHeads);
    return 0;
  }

  template <class... Values>
  void fail(Words sentence, Words label, const Values&... values) {
    fail(fmt::format(fmt::runtime(french_ ? sentence.fr : sentence.en), french_ ? label.fr : label.en,
                     values...));
  }

  template <class Value>
  [[nodiscard]] base::Result<Value> done(Value value) {
    if (failed_) return *failed_;
    return value;
  }

 private:
  void fail(std::string sentence) {
    if (!failed_) failed_ = Failure{Errc::Invalid, std::move(sentence)};
  }

  bool french_;
  base::Json form_ = base::Json::object();
  std::optional<Failure> failed_;
};

std::string language_of(std::string_view language) {
  return language == "fr" ? "fr" : "en";
}

}  // namespace

base::Result<Register::NewSession> parse_new_session(std::string_view body, std::string_view language) {
  Reader reader{body, language};
  Register::NewSession session;
  session.title =
      reader.needed("title", kTitleLabel, kTitle,
                    {"{} : écrivez le titre de la session.", "{}: write the title of the session."});
  session.acronym = reader.text("acronym", kAcronym, kWord);
  session.meeting = reader.text("meeting", kMeeting, kWord);
  session.id = reader.id("id", kId);
  if (attendance::is_day(session.id))
    reader.fail({"{} : « local: » est réservé aux journées du hub ; choisissez un autre identifiant.",
                 "{}: \"local:\" is kept for the days of the hub; choose another identifier."},
                kId);
  session.channel = reader.text("channel", kChannel, kWord);
  session.start = reader.text("start", kStart, kWord);
  session.end = reader.text("end", kEnd, kWord);
  session.language = language_of(language);
  return reader.done(std::move(session));
}

base::Result<Register::SessionChange> parse_session_change(std::string_view body, std::string_view id,
                                                           std::string_view language) {
  Reader reader{body, language};
  Register::SessionChange change;
  change.id = id;
  change.title = reader.maybe_text("title", kTitleLabel, kTitle);
  change.end = reader.maybe_text("end", kEnd, kWord);
  change.why = reader.text("why", kWhyLabel, kWhy);
  if (change.title && !attendance::is_visible(*change.title))
    reader.fail({"{} : écrivez le titre de la session.", "{}: write the title of the session."}, kTitleLabel);
  if (change.end && change.end->empty())
    reader.fail({"{} : écrivez une heure comme 12:10.", "{}: write a time such as 12:10."}, kEnd);
  if (!change.title && !change.end)
    reader.fail({"{} ou end : dites ce qui change.", "{} or end: say what changes."}, kTitleLabel);
  change.language = language_of(language);
  return reader.done(std::move(change));
}

base::Result<Register::DeskLeft> parse_left(std::string_view body, std::string_view ref,
                                            std::string_view language) {
  Reader reader{body, language};
  Register::DeskLeft left;
  left.ref = ref;
  left.session = reader.id("session", kSession);
  left.at = reader.text("at", kAt, kWord);
  left.language = language_of(language);
  return reader.done(std::move(left));
}

base::Result<std::string> parse_undo(std::string_view body, std::string_view language) {
  Reader reader{body, language};
  auto change = reader.needed(
      "change", kChange, kWord,
      {"{} : dites quelle modification annuler (c-…).", "{}: say which change to take back (c-…)."});
  return reader.done(std::move(change));
}

base::Result<std::string> parse_code(std::string_view body, std::string_view language) {
  Reader reader{body, language};
  auto code = reader.needed("code", kCode, kWord,
                            {"{} : écrivez le code que votre page a affiché, comme K7PM4T.",
                             "{}: write the code that your page has shown, such as K7PM4T."});
  return reader.done(std::move(code));
}

base::Result<std::string> parse_session_only(std::string_view body, std::string_view language) {
  Reader reader{body, language};
  auto session = reader.id("session", kSession);
  return reader.done(std::move(session));
}

base::Result<HeadCount> parse_head_count(std::string_view body, std::string_view language) {
  Reader reader{body, language};
  HeadCount count;
  count.session = reader.id("session", kSession);
  count.count = reader.count();
  return reader.done(std::move(count));
}

}  // namespace hub::web
