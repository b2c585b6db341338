#include "hub/attendance/event.h"

#include "hub/attendance/random.h"

#include <algorithm>
#include <utility>

namespace hub::attendance {
namespace {

template <class Value, std::size_t Size>
using Words = std::array<std::pair<Value, std::string_view>, Size>;

constexpr Words<Kind, 14> kKinds{{{Kind::Start, "start"},
                                  {Kind::Stop, "stop"},
                                  {Kind::Outage, "outage"},
                                  {Kind::Session, "session"},
                                  {Kind::SessionEnd, "session_end"},
                                  {Kind::Change, "change"},
                                  {Kind::Correction, "correction"},
                                  {Kind::HeadCount, "head_count"},
                                  {Kind::Undo, "undo"},
                                  {Kind::SignIn, "sign_in"},
                                  {Kind::SignOut, "sign_out"},
                                  {Kind::Seen, "seen"},
                                  {Kind::Erased, "erased"},
                                  {Kind::Exported, "exported"}}};
constexpr Words<SignIn::Member, 4> kMembers{{{SignIn::Member::Unknown, ""},
                                             {SignIn::Member::Yes, "yes"},
                                             {SignIn::Member::No, "no"},
                                             {SignIn::Member::Wants, "wants"}}};
constexpr Words<SignIn::Gender, 4> kGenders{{{SignIn::Gender::Unknown, ""},
                                             {SignIn::Gender::Woman, "woman"},
                                             {SignIn::Gender::Man, "man"},
                                             {SignIn::Gender::Other, "other"}}};
constexpr Words<SignIn::Status, 4> kStatuses{{{SignIn::Status::Unknown, ""},
                                              {SignIn::Status::Student, "student"},
                                              {SignIn::Status::Professional, "professional"},
                                              {SignIn::Status::Other, "other"}}};
constexpr Words<Via, 4> kVias{
    {{Via::Phone, "phone"}, {Via::Kiosk, "kiosk"}, {Via::Desk, "desk"}, {Via::Paper, "paper"}}};
constexpr Words<Proof::Mode, 3> kModes{
    {{Proof::Mode::Page, "page"}, {Proof::Mode::Video, "video"}, {Proof::Mode::Audio, "audio"}}};

template <class Value, std::size_t Size>
std::string_view word_of(const Words<Value, Size>& words, Value value) noexcept {
  for (const auto& [known, word] : words)
    if (known == value) return word;
  return {};
}

template <class Value, std::size_t Size>
std::optional<Value> value_of(const Words<Value, Size>& words, std::string_view text) noexcept {
  for (const auto& [value, word] : words)
    if (word == text) return value;
  return std::nullopt;
}

void put(base::Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  return word_of(kKinds, kind);
}
std::optional<Kind> kind_from(std::string_view word) noexcept {
  return value_of(kKinds, word);
}
std::string_view to_string(SignIn::Member member) noexcept {
  return word_of(kMembers, member);
}
std::optional<SignIn::Member> member_from(std::string_view word) noexcept {
  return value_of(kMembers, word);
}
std::string_view to_string(SignIn::Gender gender) noexcept {
  return word_of(kGenders, gender);
}
std::optional<SignIn::Gender> gender_from(std::string_view word) noexcept {
  return value_of(kGenders, word);
}
std::string_view to_string(SignIn::Status status) noexcept {
  return word_of(kStatuses, status);
}
std::optional<SignIn::Status> status_from(std::string_view word) noexcept {
  return value_of(kStatuses, word);
}
std::string_view to_string(Via via) noexcept {
  return word_of(kVias, via);
}
std::optional<Via> via_from(std::string_view word) noexcept {
  return value_of(kVias, word);
}
std::string_view to_string(Proof::Mode mode) noexcept {
  return word_of(kModes, mode);
}
std::optional<Proof::Mode> mode_from(std::string_view word) noexcept {
  return value_of(kModes, word);
}

Event make_event(Kind kind, Stamp at) {
  Event event;
  fill_random(event.id);
  event.kind = kind;
  event.at = std::move(at);
  return event;
}

base::Json to_payload(const SignIn& form) {
  base::Json payload = base::Json::object();
  if (form.anonymous) payload["anonymous"] = true;
  put(payload, "name", form.name);
  put(payload, "affiliation", form.affiliation);
  put(payload, "contact", form.contact);
  if (form.contact_ok) payload["contact_ok"] = true;
  put(payload, "member", std::string{to_string(form.member)});
  put(payload, "gender", std::string{to_string(form.gender)});
  put(payload, "status", std::string{to_string(form.status)});
  if (!form.answers.empty()) payload["answers"] = form.answers;
  if (form.first_time) payload["first_time"] = *form.first_time;
  put(payload, "consent", form.consent_version);
  put(payload, "language", form.consent_language);
  return payload;
}

SignIn form_from(const base::Json& payload) {
  SignIn form;
  form.anonymous = base::bool_at(payload, "anonymous").value_or(false);
  form.name = base::string_at(payload, "name").value_or("");
  form.affiliation = base::string_at(payload, "affiliation").value_or("");
  // Up to schema 1 of the export the field was an e-mail address of its own.
  form.contact = base::string_at(payload, "contact").value_or(base::string_at(payload, "email").value_or(""));
  form.contact_ok = base::bool_at(payload, "contact_ok").value_or(false);
  form.member =
      member_from(base::string_at(payload, "member").value_or("")).value_or(SignIn::Member::Unknown);
  form.first_time = base::bool_at(payload, "first_time");
  form.gender =
      gender_from(base::string_at(payload, "gender").value_or("")).value_or(SignIn::Gender::Unknown);
  form.status =
      status_from(base::string_at(payload, "status").value_or("")).value_or(SignIn::Status::Unknown);
  if (const auto answers = payload.find("answers"); answers != payload.end() && answers->is_object())
    for (const auto& [question, answer] : answers->items())
      if (answer.is_string()) form.answers[question] = answer.get<std::string>();
  form.consent_version = base::string_at(payload, "consent").value_or("");
  form.consent_language = base::string_at(payload, "language").value_or("");
  return form;
}

SignIn emptied(const SignIn& form) {
  SignIn rest = form;
  rest.name.clear();
  rest.affiliation.clear();
  rest.contact.clear();
  rest.contact_ok = false;
  return rest;
}

void put_act(base::Json& payload, const Act& act) {
  if (act.via != Via::Phone) payload["via"] = to_string(act.via);
  if (act.claim_ms) payload["claim_ms"] = *act.claim_ms;
  put(payload, "change", act.change);
  if (act.clock_suspect) payload["clock_suspect"] = true;
}

Act act_from(const base::Json& payload) {
  Act act;
  act.via = via_from(base::string_at(payload, "via").value_or("")).value_or(Via::Phone);
  if (payload.contains("claim_ms")) act.claim_ms = integer_at(payload, "claim_ms");
  act.change = base::string_at(payload, "change").value_or("");
  act.clock_suspect = base::bool_at(payload, "clock_suspect").value_or(false);
  return act;
}

std::int64_t integer_at(const base::Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

base::Json to_json(const Stamp& stamp) {
  return {{"utc_ms", stamp.utc_ms}, {"mono_us", stamp.mono_us}, {"boot", stamp.boot}};
}

Stamp stamp_from(const base::Json& json) {
  if (!json.is_object()) return {};
  return {integer_at(json, "utc_ms"), integer_at(json, "mono_us"),
          base::string_at(json, "boot").value_or("")};
}

Stamper::Stamper(const base::Clock& clock, std::string boot)
    : clock_{clock}, boot_{boot.empty() ? random_hex(16) : std::move(boot)} {}

Stamp Stamper::now() {
  const auto mono = clock_.mono().time_since_epoch();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(mono).count();
  last_us_ = std::max(us, last_us_ + 1);
  return {clock_.wall().time_since_epoch().count(), last_us_, boot_};
}

}  // namespace hub::attendance
