#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::attendance {

/// What a sign-in form holds, checked (form.h) but not yet recorded.
struct SignIn {
  bool anonymous = false;
  std::string name, affiliation, email;  ///< UTF-8 without control characters, trimmed
  enum class Member { Unknown, Yes, No, Wants } member = Member::Unknown;
  std::optional<bool> first_time;
  std::string consent_version, consent_language;  ///< empty for anonymous
};

/// A device following a channel over a stretch of time: measured presence.
struct Proof {
  std::string device;   ///< its token
  std::string channel;  ///< empty: the page is open, nothing plays
  enum class Mode { Page, Video, Audio } mode = Mode::Page;
};

/// The register of attendance, as the main thread sees it. Every change goes to the store thread, and the
/// callback comes back on main after the row is on the disk. Callbacks are called exactly once.
/// @context thread-bound: main
class Register {
 public:
  struct Person {
    std::string ref;
    SignIn form;
    base::Wall consent_at{};
  };
  struct SignedIn {
    std::string device;  ///< the token to set as cookie: the one given or a new one
    Person person;
    std::string session_id, session_title;
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
  };
  struct SessionSummary {
    std::string id, title;
    base::Wall start{};
    std::optional<base::Wall> end;
    std::int64_t named = 0, anonymous = 0, present = 0;
  };
  struct Exported {
    std::string content_type, file_name, bytes;
  };
  struct ExportRequest {
    std::string format;    ///< csv or json
    std::string language;  ///< fr or en
    std::string session;   ///< one session id, or empty for all
  };
  template <class T>
  using Then = std::function<void(base::Result<T>)>;

  Register() = default;
  Register(const Register&) = delete;
  Register& operator=(const Register&) = delete;
  virtual ~Register() = default;

  /// @param device  token of the cookie; empty or unknown makes a new one.
  virtual void sign_in(SignIn form, std::string device, Then<SignedIn> then) = 0;
  /// Everybody of the device leaves; the value is how many were present.
  virtual void sign_out(std::string device, Then<int> then) = 0;
  virtual void me(std::string device, Then<Me> then) = 0;
  /// Erases every person of the device; totals stay. The value is how many were erased.
  virtual void erase(std::string device, Then<int> then) = 0;
  /// Records that the device gives a sign of life now. Cheap: call it at every ping and media request.
  virtual void seen(const Proof& proof) = 0;
  /// True for a device token that signed in here.
  [[nodiscard]] virtual bool knows(std::string_view device) const = 0;
  virtual void sessions(Then<std::vector<SessionSummary>> then) = 0;
  virtual void export_(ExportRequest request, Then<Exported> then) = 0;
  /// The session that a sign-in counts for now.
  struct Current {
    std::string id, title;
  };
  [[nodiscard]] virtual Current current(std::string_view language) const = 0;
};

}  // namespace hub::attendance
