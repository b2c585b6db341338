#pragma once
#include "hub/attendance/register.h"
#include "hub/base/clock.h"
#include "hub/base/json.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hub::attendance {

using EventId = std::array<std::uint8_t, 16>;

/// When something happened, by both clocks.
struct Stamp {
  std::int64_t utc_ms = 0;   ///< Unix time
  std::int64_t mono_us = 0;  ///< CLOCK_MONOTONIC of that boot
  std::string boot;          ///< id of the boot, base::boot_id()
};

enum class Kind {
  Start,       ///< the hub starts to record
  Stop,        ///< the hub ends in order; a Start without it ended in a power cut or a crash
  Outage,      ///< written at the Start after one: payload.from is the last that was stored before it
  Session,     ///< a session is first used: payload {start_ms, end_ms, title, acronym, meeting, channel, who}
  SessionEnd,  ///< everybody of the session leaves: it was closed, or the day is over
  Change,      ///< session; payload: the members of a Session event that are other than before, and who
  Correction,  ///< a Change of a session that was over; payload also {why}
  SignIn,      ///< person, device, session; payload: the form, and the members of an Act
  SignOut,     ///< person, session; payload: the members of an Act
  HeadCount,   ///< session; payload {count}
  Undo,        ///< payload {change}: all SignIn and SignOut of that change are void
  Seen,        ///< device, session: proofs from payload.from to the stamp, no gap of more than 120 s within
  Erased,      ///< person: the forms of all its sign-ins were emptied; payload {reason: asked | retention}
  Exported     ///< payload {export_id, format, session, rows}
};

[[nodiscard]] std::string_view to_string(Kind kind) noexcept;
[[nodiscard]] std::optional<Kind> kind_from(std::string_view word) noexcept;

/// One line of the presence log, the only truth about attendance. Nothing in it changes but the payload of a
/// sign-in, which erasing empties. References (`p-…` person, `d-…` device) are random; the device's cookie is
/// not in the log.
struct Event {
  EventId id{};
  Kind kind = Kind::Start;
  std::string session, person, device;  ///< empty where the kind has none
  Stamp at;
  base::Json payload = base::Json::object();
};

/// An event with a fresh random id.
[[nodiscard]] Event make_event(Kind kind, Stamp at);

/// The payload of a SignIn: {anonymous, name, affiliation, contact, contact_ok, member, first_time, gender,
/// status, answers: {question: answer}, consent, language}; what is empty is left out.
[[nodiscard]] base::Json to_payload(const SignIn& form);
[[nodiscard]] SignIn form_from(const base::Json& payload);
/// @p form without all that says who the person is. What is only counted remains: named or not, member, first
/// time, gender, status, answers (each one of a few words), and the consent.
[[nodiscard]] SignIn emptied(const SignIn& form);

/// How and when somebody came or went, beside the stamp: payload {via, claim_ms, change, clock_suspect}.
struct Act {
  Via via = Via::Phone;
  std::optional<std::int64_t> claim_ms;  ///< Unix time that the desk gave; the stamp is when it was entered
  std::string change;                    ///< what an Undo takes back; empty for a phone
  bool clock_suspect = false;            ///< the clock of the hub was not to be trusted
};
void put_act(base::Json& payload, const Act& act);
[[nodiscard]] Act act_from(const base::Json& payload);

/// @p object's whole number at @p key; 0 if there is none.
[[nodiscard]] std::int64_t integer_at(const base::Json& object, const char* key);

/// {utc_ms, mono_us, boot} inside a payload.
[[nodiscard]] base::Json to_json(const Stamp& stamp);
[[nodiscard]] Stamp stamp_from(const base::Json& json);

/// Words of the API, the log and the export: yes, no, wants; woman, man, other; student, professional, other;
/// each empty for Unknown; phone, kiosk, desk, paper; page, video, audio.
[[nodiscard]] std::string_view to_string(SignIn::Member member) noexcept;
[[nodiscard]] std::optional<SignIn::Member> member_from(std::string_view word) noexcept;
[[nodiscard]] std::string_view to_string(SignIn::Gender gender) noexcept;
[[nodiscard]] std::optional<SignIn::Gender> gender_from(std::string_view word) noexcept;
[[nodiscard]] std::string_view to_string(SignIn::Status status) noexcept;
[[nodiscard]] std::optional<SignIn::Status> status_from(std::string_view word) noexcept;
[[nodiscard]] std::string_view to_string(Via via) noexcept;
[[nodiscard]] std::optional<Via> via_from(std::string_view word) noexcept;
[[nodiscard]] std::string_view to_string(Proof::Mode mode) noexcept;
[[nodiscard]] std::optional<Proof::Mode> mode_from(std::string_view word) noexcept;

/// Makes the stamps of one process, in order and never two alike.
class Stamper {
 public:
  /// @param boot  id of this boot; an empty one is replaced by a random one, so that nothing is compared with
  /// it.
  Stamper(const base::Clock& clock, std::string boot);
  [[nodiscard]] Stamp now();

 private:
  const base::Clock& clock_;
  std::string boot_;
  std::int64_t last_us_ = 0;
};

}  // namespace hub::attendance
