#include "hub/attendance/event.h"

#include "hub/attendance/random.h"

#include <algorithm>
#include <utility>

namespace hub::attendance {
namespace {

template <class Value, std::size_t Size>
using Words = std::array<std::pair<Value, std::string_view>, Size>;

constexpr Words<Kind, 10> kKinds{{{Kind::Start, "start"},
                                  {Kind::Stop, "stop"},
                                  {Kind::Outage, "outage"},
                                  {Kind::Session, "session"},
                                  {Kind::SessionEnd, "session_end"},
                                  {Kind::SignIn, "sign_in"},
                                  {Kind::SignOut, "sign_out"},
                                  {Kind::Seen, "seen"},
                                  {Kind::Erased, "erased"},
                                  {Kind::Exported, "exported"}}};
constexpr Words<SignIn::Member, 4> kMembers{{{SignIn::Member::Unknown, ""},
                                             {SignIn::Member::Yes, "yes"},
                                             {SignIn::Member::No, "no"},
                                             {SignIn::Member::Wants, "wants"}}};
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
  put(payload, "email", form.email);
  put(payload, "member", std::string{to_string(form.member)});
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
  form.email = base::string_at(payload, "email").value_or("");
  form.member =
      member_from(base::string_at(payload, "member").value_or("")).value_or(SignIn::Member::Unknown);
  form.first_time = base::bool_at(payload, "first_time");
  form.consent_version = base::string_at(payload, "consent").value_or("");
  form.consent_language = base::string_at(payload, "language").value_or("");
  return form;
}

SignIn emptied(const SignIn& form) {
  SignIn rest;
  rest.anonymous = form.anonymous;
  rest.consent_version = form.consent_version;
  rest.consent_language = form.consent_language;
  return rest;
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
