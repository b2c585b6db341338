#pragma once
#include "hub/attendance/session.h"
#include "hub/base/clock.h"
#include "hub/base/error.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::attendance {

/// What a sign-in form holds, checked (form.h) but not yet recorded.
struct SignIn {
  bool anonymous = false;
  std::string name, affiliation;  ///< UTF-8 without control characters, trimmed
  /// E-mail address or telephone number; only with Member::Wants or contact_ok.
  std::string contact;
  enum class Member { Unknown, Yes, No, Wants } member = Member::Unknown;
  enum class Gender { Unknown, Woman, Man, Other } gender = Gender::Unknown;
  enum class Status { Unknown, Student, Professional, Other } status = Status::Unknown;
  std::optional<bool> first_time;
  bool contact_ok = false;  ///< may be written to
  /// By id of the question: "yes", "no", or Text::key() of a choice (settings.h).
  std::map<std::string, std::string> answers;
  std::string consent_version, consent_language;  ///< empty for anonymous and for who was added at the desk
};

/// How somebody came into the register.
enum class Via { Phone, Kiosk, Desk, Paper };

/// A device following a channel over a stretch of time: measured presence.
struct Proof {
  std::string device;   ///< its token
  std::string channel;  ///< empty: the page is open, nothing plays
  enum class Mode { Page, Video, Audio } mode = Mode::Page;
};

/// The register of attendance, as the main thread sees it. Every change goes to the store thread, and the
/// callback comes back on main after the row is on the disk. Callbacks are called exactly once.
///
/// Failures: the text of Invalid, NotFound, Conflict and TooLarge is a sentence for people, in the `language`
/// of the call if it has one; of anything else (Busy, Io …) it is for the log. `language` is fr or en, and
/// empty is the hub's first. A `session` that is empty is the one that a sign-in counts for now.
/// @context thread-bound: main
class Register {
 public:
  struct Person {
    std::string ref;
    SignIn form;
    base::Wall consent_at{};
  };

  // Attendees.

  /// One form, as parse_sign_in() understood it.
  struct Arrival {
    SignIn form;
    std::string session;
    bool kiosk = false;  ///< a tablet at the door: the person gets no device
    std::string language;
  };
  struct SignedIn {
    std::string device;  ///< the token to set as cookie: the one given or a new one; empty at a kiosk
    Person person;
    Session session;
    base::Wall at{};
  };
  struct SignedInAgain {
    std::string device;  ///< the token: its cookie is renewed
    std::vector<Person> persons;
    Session session;
    base::Wall at{};
  };
  struct Presence {
    std::string session_id;
    bool declared = true;
    base::Wall first_in{};
    std::optional<base::Wall> last_out;  ///< nothing while it goes on
    std::int64_t seconds = 0;
  };
  struct Me {
    struct Entry {
      Person person;
      std::vector<Presence> attendance;
    };
    std::vector<Entry> persons;
    bool present = false;
    std::string code;  ///< brings the cookie back, see recover(); empty for an unknown device
  };
  struct Recovered {
    std::string device;  ///< the token to set as cookie
    Me me;
  };

  // Sessions.

  /// A session that the host opens. Times are as people write them: RFC 3339 with an offset, or in the time
  /// of the hub "2027-03-15 09:30" or "09:30" (today).
  struct NewSession {
    std::string title, acronym, meeting;
    std::string id;       ///< empty: made from acronym and date
    std::string channel;  ///< empty: none. The caller checks that it exists
    std::string start;    ///< empty: now
    std::string end;      ///< empty: with the day
    std::string who;      ///< role of who asks, kept in the log
    std::string language;
  };
  /// A change of a session; what is missing stays. One that is over changes by a Correction, which keeps who
  /// and why beside it.
  struct SessionChange {
    std::string id;
    std::optional<std::string> title;
    std::optional<std::string> end;  ///< as NewSession::end; "12:10" is of the day of its start
    std::string why;                 ///< may be empty
    std::string who, language;
  };

  // The desk.

  struct DeskQuery {
    std::string session;
    std::string
        text;  ///< everybody known whose name or affiliation holds it, of earlier days, too; may be empty
    std::string language;
  };
  struct DeskPerson {
    std::string ref, name, affiliation;
    bool anonymous = false;
    bool here = false;
    std::optional<Via> via;             ///< nothing for somebody who was not in this session
    std::optional<base::Wall> in, out;  ///< in this session: first in; out while not here
  };
  struct DeskChange {
    std::string change;  ///< `c-…`
    enum class What { Add, Left } what = What::Add;
    std::string name;  ///< of the first person: "Awa Traoré +3"; empty for an anonymous or erased one
    base::Wall at{};   ///< when it was entered
  };
  struct Desk {
    Session session;
    std::optional<std::int64_t> head_count;
    std::int64_t named = 0, anonymous = 0, present = 0;
    std::vector<DeskPerson> persons;  ///< newest arrival first, then who is only found by the text
    std::vector<DeskChange> changes;  ///< that can be undone, newest first, at most 50
  };
  /// One person for the desk: known (`ref`) or new (`form`).
  struct DeskLine {
    std::string ref;
    SignIn form;
    std::string at;  ///< "09:42" (of the session's day) or RFC 3339; empty: now, on paper the session's start
  };
  struct DeskAdd {
    std::string session;
    bool paper = false;
    std::vector<DeskLine> lines;
    std::string language;
  };
  /// What is wrong with an addition, of which then nothing was recorded.
  struct BadLine {
    std::size_t line = 0;  ///< from 1; 0: the whole
    std::string why;       ///< a sentence in the language of the call
  };
  struct DeskAdded {
    std::optional<BadLine> refused;  ///< if set the rest is empty
    std::string change;
    std::vector<Person> persons;
  };
  struct DeskLeft {
    std::string ref, session;
    std::string at;  ///< as DeskLine::at; empty: now
    std::string language;
  };

  // Figures.

  /// How many persons answered what; who did not answer is in no group. Words as in the export.
  struct Groups {
    std::map<std::string, std::int64_t> members, first_time, gender, status;
    std::map<std::string, std::map<std::string, std::int64_t>> answers;  ///< by id of the question
  };
  /// Three numbers side by side, never added, and the groups.
  struct Figures {
    std::int64_t named = 0, anonymous = 0;
    std::optional<std::int64_t> head_count;
    Groups groups;
  };
  struct SessionSummary {
    Session session;
    Figures figures;
    std::int64_t present = 0;
  };
  struct Summary {
    std::string hub, language;
    base::Wall at{};
    std::vector<std::pair<std::string, std::string>> questions;  ///< id and text in the language asked
    std::vector<SessionSummary> sessions;                        ///< by start
    Figures totals;  ///< each person once; the head-count is the largest of the sessions
  };
  struct Exported {
    std::string content_type, file_name, bytes;
  };
  struct ExportRequest {
    std::string format;    ///< csv or json
    std::string language;  ///< fr or en
    std::string session;   ///< one session id, or empty for all
  };
  /// What is other than before; see on_change().
  enum class Changed { Desk, Sessions };

  template <class T>
  using Then = std::function<void(base::Result<T>)>;

  Register() = default;
  Register(const Register&) = delete;
  Register& operator=(const Register&) = delete;
  virtual ~Register() = default;

  /// @param device  token of the cookie; empty or unknown makes a new one. NotFound: no such session.
  /// Conflict: it takes no sign-ins now. TooLarge: too many people on one device.
  virtual void sign_in(Arrival arrival, std::string device, Then<SignedIn> then) = 0;
  /// Everybody of the device is here again. NotFound: nobody signed in on it, or no such session.
  virtual void sign_in_again(std::string device, std::string session, std::string language,
                             Then<SignedInAgain> then) = 0;
  /// The device whose page has shown @p code (Me::code), however it is typed. NotAuthorised: there is none;
  /// who calls slows down who guesses.
  virtual void recover(std::string code, Then<Recovered> then) = 0;
  /// Everybody of the device leaves; the value is how many were present.
  virtual void sign_out(std::string device, Then<int> then) = 0;
  virtual void me(std::string device, Then<Me> then) = 0;
  /// Erases every person of the device; totals stay. The value is how many were erased.
  virtual void erase(std::string device, Then<int> then) = 0;
  /// Records that the device gives a sign of life now. Cheap: call it at every ping and media request.
  virtual void seen(const Proof& proof) = 0;
  /// True for a device token that signed in here.
  [[nodiscard]] virtual bool knows(std::string_view device) const = 0;

  /// The session that a sign-in counts for now if it names none.
  [[nodiscard]] virtual Session current(std::string_view language) const = 0;
  /// Those of today, by start; the hub's day is among them while it is current() or if somebody is in it.
  [[nodiscard]] virtual std::vector<Session> today(std::string_view language) const = 0;
  /// Conflict: the id is taken, or the channel has a session at that time.
  virtual void open_session(NewSession session, Then<Session> then) = 0;
  /// NotFound, or Invalid if the end is not after the start.
  virtual void change_session(SessionChange change, Then<Session> then) = 0;
  /// Everybody left. Conflict: it is over already.
  virtual void close_session(std::string id, std::string who, std::string language, Then<Session> then) = 0;

  virtual void desk(DeskQuery query, Then<Desk> then) = 0;
  /// All or nothing; see DeskAdded::refused.
  virtual void desk_add(DeskAdd add, Then<DeskAdded> then) = 0;
  /// The value is the change, for desk_undo(). Conflict: the person is not there.
  virtual void desk_left(DeskLeft left, Then<std::string> then) = 0;
  /// Takes an addition or a departure back. NotFound: no such change. Conflict: it was taken back already.
  virtual void desk_undo(std::string change, std::string language, Then<base::Done> then) = 0;
  /// @param count  0 to 100 000, else Invalid; the last one of a session counts.
  virtual void head_count(std::string session, std::int64_t count, std::string language,
                          Then<base::Done> then) = 0;

  /// @param session  an id, or empty for all.
  virtual void summary(std::string session, std::string language, Then<Summary> then) = 0;
  virtual void export_(ExportRequest request, Then<Exported> then) = 0;

  /// @p listener is told after a change is on the disk, and when time opens or closes a session. One at most.
  virtual void on_change(std::function<void(Changed)> listener) = 0;
};

}  // namespace hub::attendance
