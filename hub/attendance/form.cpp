#include "hub/attendance/form.h"

#include "hub/attendance/event.h"
#include "hub/attendance/text.h"
#include "hub/base/json.h"
#include "hub/base/text.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hub::attendance {
namespace {

// Limits in code points, as in hub/web/API.md.
constexpr std::size_t kMaxName = 120;
constexpr std::size_t kMaxAffiliation = 160;
constexpr std::size_t kMaxContact = 254;  // RFC 5321, 4.5.3.1.3, without the angle brackets
constexpr std::size_t kMaxWord = 160;

struct Words {
  std::string_view french, english;
};
constexpr Words kAnonymous{"Sans nom (anonymous)", "Without name (anonymous)"};
constexpr Words kName{"Nom (name)", "Name (name)"};
constexpr Words kAffiliation{"Organisation (affiliation)", "Affiliation (affiliation)"};
constexpr Words kContact{"Contact (contact)", "Contact (contact)"};
constexpr Words kContactOk{"Accord pour être contacté (contact_ok)", "May be contacted (contact_ok)"};
constexpr Words kMember{"Membre (member)", "Member (member)"};
constexpr Words kFirstTime{"Première fois (first_time)", "First time (first_time)"};
constexpr Words kGender{"Genre (gender)", "Gender (gender)"};
constexpr Words kStatus{"Statut (status)", "Status (status)"};
constexpr Words kConsent{"Accord (consent)", "Consent (consent)"};
constexpr Words kAnswers{"Réponses (answers)", "Answers (answers)"};
constexpr Words kSession{"Session (session)", "Session (session)"};
constexpr Words kKiosk{"Tablette (kiosk)", "Tablet (kiosk)"};
constexpr Words kRef{"Référence (ref)", "Reference (ref)"};
constexpr Words kAt{"Heure (at)", "Time (at)"};
constexpr Words kPaper{"Papier (paper)", "Paper (paper)"};

bool is_telephone(std::string_view text) {
  constexpr std::string_view kBetween = " .-/()";
  constexpr std::size_t kFewest = 6;
  constexpr std::size_t kMost = 17;  // E.164 has 15, and two for a leading 00
  if (text.starts_with('+')) text.remove_prefix(1);
  std::size_t digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      ++digits;
    else if (kBetween.find(c) == std::string_view::npos)
      return false;
  }
  return digits >= kFewest && digits <= kMost;
}

/// Reads the fields of one form; the first thing that is wrong stays.
class Reader {
 public:
  Reader(const base::Json& form, bool french) : form_{form}, french_{french} {}

  std::string text(const char* key, Words label, std::size_t limit) {
    const auto* found = at(key);
    if (!found) return {};
    if (!found->is_string()) {
      fail({"{} : un texte est attendu.", "{}: a text is expected."}, label);
      return {};
    }
    std::string value = clean(found->get_ref<const std::string&>());
    if (base::code_points(value) > limit)
      fail({"{} : au plus {} caractères.", "{}: at most {} characters."}, label, limit);
    return value;
  }

  std::optional<bool> flag(const char* key, Words label) {
    const auto* found = at(key);
    if (!found) return std::nullopt;
    if (found->is_boolean()) return found->get<bool>();
    fail({"{} : répondez par oui ou non (true, false).", "{}: answer yes or no (true, false)."}, label);
    return std::nullopt;
  }

  /// One of the words that @p from knows. @param allowed  in the order of the sentence
  template <class Value>
  Value word(const char* key, Words label, std::optional<Value> (*from)(std::string_view), Words allowed) {
    const auto value = from(text(key, label, kMaxWord));
    if (!value)
      fail({"{} : {} sont attendus.", "{}: {} is expected."}, label,
           french_ ? allowed.french : allowed.english);
    return value.value_or(Value::Unknown);
  }

  std::map<std::string, std::string> answers(const Settings& settings) {
    std::map<std::string, std::string> answers;
    const auto* found = at("answers");
    if (!found) return answers;
    if (!found->is_object()) {
      fail({"{} : un objet JSON est attendu.", "{}: a JSON object is expected."}, kAnswers);
      return answers;
    }
    for (const auto& [id, value] : found->items()) {
      const auto question = std::find_if(settings.questions.begin(), settings.questions.end(),
                                         [&key = id](const Question& each) { return each.id == key; });
      if (question == settings.questions.end()) {
        fail({"{} : la question « {} » n'est pas posée ici.", "{}: the question \"{}\" is not asked here."},
             kAnswers, clean(id));
        continue;
      }
      const auto answer = answer_to(*question, value);
      if (!answer)
        fail({"{} : cette réponse à « {} » n'est pas prévue.", "{}: this is no answer to \"{}\"."}, kAnswers,
             id);
      else if (!answer->empty())
        answers[id] = *answer;
    }
    return answers;
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
  [[nodiscard]] const base::Json* at(const char* key) const {
    const auto found = form_.find(key);
    return found == form_.end() || found->is_null() ? nullptr : &*found;
  }

  /// As it is kept; empty for no answer, nothing for a wrong one.
  static std::optional<std::string> answer_to(const Question& question, const base::Json& value) {
    if (value.is_null()) return std::string{};
    if (question.choices.empty() && value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (!value.is_string()) return std::nullopt;
    const auto text = clean(value.get_ref<const std::string&>());
    if (text.empty()) return text;
    if (question.choices.empty()) return text == "yes" || text == "no" ? std::optional{text} : std::nullopt;
    for (const auto& choice : question.choices)
      if (text == choice.fr || text == choice.en) return choice.key();
    return std::nullopt;
  }

  const base::Json& form_;
  bool french_;
  std::optional<base::Failure> failed_;
};

/// What a phone and a line of the desk have in common. @param strict  a contact must be there if it is needed
SignIn read_person(Reader& reader, const Settings& settings, bool strict) {
  SignIn form;
  form.name = reader.text("name", kName, kMaxName);
  form.affiliation = reader.text("affiliation", kAffiliation, kMaxAffiliation);
  form.member = reader.word("member", kMember, member_from, {"yes, no ou wants", "yes, no or wants"});
  form.first_time = reader.flag("first_time", kFirstTime);
  const auto gender =
      reader.word("gender", kGender, gender_from, {"woman, man ou other", "woman, man or other"});
  if (asks(settings, "gender")) form.gender = gender;
  const auto status = reader.word("status", kStatus, status_from,
                                  {"student, professional ou other", "student, professional or other"});
  if (asks(settings, "status")) form.status = status;
  form.contact_ok = reader.flag("contact_ok", kContactOk).value_or(false);
  const bool wanted = form.contact_ok || form.member == SignIn::Member::Wants;
  form.contact = reader.text("contact", kContact, kMaxContact);
  if (!wanted) form.contact.clear();
  if (!form.contact.empty() && !is_email(form.contact) && !is_telephone(form.contact))
    reader.fail({"{} : écrivez une adresse comme awa@example.org ou un numéro comme +223 70 00 00 00.",
                 "{}: write an address such as awa@example.org or a number such as +223 70 00 00 00."},
                kContact);
  if (strict && wanted && form.contact.empty())
    reader.fail({"{} : pour être contacté, donnez une adresse e-mail ou un numéro WhatsApp.",
                 "{}: to be contacted, give an e-mail address or a WhatsApp number."},
                kContact);
  form.answers = reader.answers(settings);
  return form;
}

std::string unreadable(bool french) {
  return french ? "Le formulaire n'a pas pu être lu : un objet JSON en UTF-8 est attendu."
                : "The form could not be read: a JSON object in UTF-8 is expected.";
}

Register::DeskLine read_line(Reader& reader, const Settings& settings) {
  Register::DeskLine line;
  line.ref = reader.text("ref", kRef, kMaxWord);
  line.at = reader.text("at", kAt, kMaxWord);
  line.form = read_person(reader, settings, false);
  if (line.ref.empty() && !is_visible(line.form.name))
    reader.fail({"{} : écrivez le nom, ou effacez la ligne.", "{}: write the name, or remove the line."},
                kName);
  return line;
}

}  // namespace

bool is_email(std::string_view text) noexcept {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos;
}

base::Result<Register::Arrival> parse_sign_in(std::string_view body, std::string_view language,
                                              const Settings& settings) {
  const bool french = language == "fr";
  const auto json = base::parse_json(body, 4);
  if (!json || !json->is_object()) return base::Failure{base::Errc::Invalid, unreadable(french)};
  Reader reader{*json, french};
  Register::Arrival arrival;
  arrival.language = language;  // of the consent that was read, which may be a further language of the page
  arrival.session = reader.text("session", kSession, kMaxWord);
  arrival.kiosk = reader.flag("kiosk", kKiosk).value_or(false);
  if (reader.flag("anonymous", kAnonymous).value_or(false)) {
    // Nothing else of an anonymous form is kept, whatever it holds.
    if (reader.failed()) return *reader.failed();
    arrival.form.anonymous = true;
    return arrival;
  }
  arrival.form = read_person(reader, settings, true);
  if (!is_visible(arrival.form.name))
    reader.fail({"{} : écrivez votre nom, ou choisissez d'être compté sans nom.",
                 "{}: write your name, or choose to be counted without it."},
                kName);
  if (!reader.flag("consent", kConsent).value_or(false))
    reader.fail(
        {"{} : votre nom n'est gardé qu'avec votre accord. Cochez la case, ou choisissez d'être compté sans "
         "nom.",
         "{}: your name is kept only with your consent. Tick the box, or choose to be counted without it."},
        kConsent);
  if (reader.failed()) return *reader.failed();
  arrival.form.consent_version = kConsentVersion;
  arrival.form.consent_language = arrival.language;
  return arrival;
}

std::variant<Register::DeskAdd, Register::BadLine> parse_desk(std::string_view body,
                                                              std::string_view language,
                                                              const Settings& settings) {
  const bool french = language == "fr";
  const auto json = base::parse_json(body, 6);
  if (!json || !json->is_object()) return Register::BadLine{0, unreadable(french)};
  Reader whole{*json, french};
  Register::DeskAdd add;
  add.language = french ? "fr" : "en";
  add.session = whole.text("session", kSession, kMaxWord);
  add.paper = whole.flag("paper", kPaper).value_or(false);
  if (whole.failed()) return Register::BadLine{0, whole.failed()->text};
  const auto persons = json->find("persons");
  if (persons == json->end() || !persons->is_array() || persons->empty())
    return Register::BadLine{
        0, french ? "Écrivez au moins une personne (persons)." : "Write at least one person (persons)."};
  if (persons->size() > kMaxDeskLines)
    return Register::BadLine{
        0, fmt::format(
               fmt::runtime(french ? "{} lignes en une fois, c'est trop : au plus {}. Saisissez la feuille "
                                     "en plusieurs parties. Rien n'a été enregistré."
                                   : "{} lines at once are too many: at most {}. Enter the sheet in several "
                                     "parts. Nothing was recorded."),
               persons->size(), kMaxDeskLines)};
  for (const auto& person : *persons) {
    const std::size_t number = add.lines.size() + 1;
    if (!person.is_object()) return Register::BadLine{number, unreadable(french)};
    Reader reader{person, french};
    add.lines.push_back(read_line(reader, settings));
    if (reader.failed()) return Register::BadLine{number, reader.failed()->text};
  }
  return add;
}

}  // namespace hub::attendance
