#include "hub/attendance/form.h"

#include "hub/attendance/event.h"
#include "hub/attendance/settings.h"
#include "hub/base/json.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace hub::attendance {
namespace {

// Limits in code points, as in hub/web/API.md.
constexpr std::size_t kMaxName = 120;
constexpr std::size_t kMaxAffiliation = 160;
constexpr std::size_t kMaxEmail = 254;  // RFC 5321, 4.5.3.1.3, without the angle brackets

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0) != 0x80; }));
}

/// Length in bytes of the character that @p text begins with.
std::size_t length_of_first(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

bool is_space(std::string_view character) {
  constexpr std::string_view kSpaces[] = {
      " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00a0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  return std::find(std::begin(kSpaces), std::end(kSpaces), character) != std::end(kSpaces);
}

bool is_control(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character.front());
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<std::uint8_t>(character[1]) < 0xA0;
}

/// Right-to-left and joiner marks have no width: a name of nothing else is no name.
bool is_visible(std::string_view text) {
  constexpr std::string_view kBlank[] = {"\u00ad", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e",
                                         "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2060",
                                         "\u2066", "\u2067", "\u2068", "\u2069", "\u3164", "\ufeff"};
  for (std::size_t i = 0; i < text.size();) {
    const auto character = text.substr(i, length_of_first(text.substr(i)));
    const bool blank =
        character == " " || std::find(std::begin(kBlank), std::end(kBlank), character) != std::end(kBlank);
    if (!blank) return true;
    i += character.size();
  }
  return false;
}

struct Words {
  std::string_view french, english;
};

/// Reads the fields of one form; the first thing that is wrong stays.
class Reader {
 public:
  Reader(const base::Json& form, bool french) : form_{form}, french_{french} {}

  std::string text(const char* key, Words label, std::size_t limit) {
    const auto found = form_.find(key);
    if (found == form_.end() || found->is_null()) return {};
    if (!found->is_string()) {
      fail({"{} : un texte est attendu.", "{}: a text is expected."}, label);
      return {};
    }
    std::string value = clean(found->get_ref<const std::string&>());
    if (code_points(value) > limit)
      fail({"{} : au plus {} caractères.", "{}: at most {} characters."}, label, limit);
    return value;
  }

  std::optional<bool> flag(const char* key, Words label) {
    const auto found = form_.find(key);
    if (found == form_.end() || found->is_null()) return std::nullopt;
    if (found->is_boolean()) return found->get<bool>();
    fail({"{} : répondez par oui ou non (true, false).", "{}: answer yes or no (true, false)."}, label);
    return std::nullopt;
  }

  template <class... Values>
  void fail(Words sentence, Words label, const Values&... values) {
    if (failed_) return;
    failed_ = base::Failure{base::Errc::Invalid,
                            fmt::format(fmt::runtime(french_ ? sentence.french : sentence.english),
                                        french_ ? label.french : label.english, values...)};
  }

  [[nodiscard]] const std::optional<base::Failure>& failed() const noexcept { return failed_; }

 private:
  const base::Json& form_;
  bool french_;
  std::optional<base::Failure> failed_;
};

bool is_email(std::string_view text) {
  // Only what a slip of the thumb looks like is caught; whether mail arrives is known by sending some.
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = text.substr(i, length_of_first(text.substr(i)));
    i += character.size();
    if (is_space(character)) {
      space = !out.empty();
    } else if (!is_control(character)) {
      if (std::exchange(space, false)) out += ' ';
      out += character;
    }
  }
  return out;
}

base::Result<SignIn> parse_sign_in(std::string_view body, std::string_view language) {
  const bool french = language == "fr";
  const auto json = base::parse_json(body, 4);
  if (!json || !json->is_object())
    return base::Failure{base::Errc::Invalid,
                         french ? "Le formulaire n'a pas pu être lu : un objet JSON en UTF-8 est attendu."
                                : "The form could not be read: a JSON object in UTF-8 is expected."};
  Reader reader{*json, french};
  constexpr Words kAnonymous{"Sans nom (anonymous)", "Without name (anonymous)"};
  constexpr Words kName{"Nom (name)", "Name (name)"};
  constexpr Words kConsent{"Accord (consent)", "Consent (consent)"};

  SignIn form;
  form.anonymous = reader.flag("anonymous", kAnonymous).value_or(false);
  if (form.anonymous) {
    // Nothing else of an anonymous form is kept, whatever it holds.
    if (reader.failed()) return *reader.failed();
    return form;
  }
  form.name = reader.text("name", kName, kMaxName);
  if (!is_visible(form.name))
    reader.fail({"{} : écrivez votre nom, ou choisissez d'être compté sans nom.",
                 "{}: write your name, or choose to be counted without it."},
                kName);
  form.affiliation = reader.text("affiliation", {"Organisation (affiliation)", "Affiliation (affiliation)"},
                                 kMaxAffiliation);
  constexpr Words kEmail{"Adresse électronique (email)", "E-mail (email)"};
  form.email = reader.text("email", kEmail, kMaxEmail);
  if (!form.email.empty() && !is_email(form.email))
    reader.fail({"{} : écrivez une adresse comme awa@example.org, ou rien.",
                 "{}: write an address such as awa@example.org, or nothing."},
                kEmail);
  constexpr Words kMember{"Membre (member)", "Member (member)"};
  const auto member = member_from(reader.text("member", kMember, 16));
  if (!member)
    reader.fail({"{} : yes, no ou wants sont attendus.", "{}: yes, no or wants is expected."}, kMember);
  form.member = member.value_or(SignIn::Member::Unknown);
  form.first_time = reader.flag("first_time", {"Première fois (first_time)", "First time (first_time)"});
  if (!reader.flag("consent", kConsent).value_or(false))
    reader.fail(
        {"{} : votre nom n'est gardé qu'avec votre accord. Cochez la case, ou choisissez d'être compté sans "
         "nom.",
         "{}: your name is kept only with your consent. Tick the box, or choose to be counted without it."},
        kConsent);
  if (reader.failed()) return *reader.failed();
  form.consent_version = kConsentVersion;
  form.consent_language = french ? "fr" : "en";
  return form;
}

}  // namespace hub::attendance
