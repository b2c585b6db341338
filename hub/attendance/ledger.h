#pragma once
#include "hub/attendance/roster.h"
#include "hub/attendance/settings.h"
#include "hub/attendance/store.h"
#include "hub/attendance/table.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace hub::attendance {

/// Makes a file of a table; hub/reports does it.
using Writer = std::function<Register::Exported(const Table&, const Register::ExportRequest&)>;

/// The log and what follows from it. All changes go through run(). @context thread-bound: store
class Ledger {
 public:
  /// A change or a question. It may throw base::Error: then nothing of it happened.
  using Work = std::function<void(Ledger&)>;

  Ledger(Store& store, base::Identity identity, Settings settings, Writer writer);

  /// Runs each of @p works and commits them together (group commit); the outcome of each is at its index,
  /// nothing if it went well. If the batch fails, each is tried alone, so that a bad one blocks no other;
  /// unless it failed with Busy (disk full, locked), which all of them get at once.
  [[nodiscard]] std::vector<std::optional<base::Failure>> run(std::span<const Work> works);
  /// run() of one. @throws base::Error
  void run_one(const Work& work);
  /// Forgets the state and folds the log again. @throws base::Error
  void load();

  // What follows may only be called from a Work.

  /// Writes the Outage if the last run did not stop in order, then the Start, and what the config has changed
  /// about sessions of the log that are not over.
  void start(const Stamp& now);
  void stop(const Stamp& now);
  [[nodiscard]] Register::SignedIn sign_in(const Register::Arrival& arrival, const std::string& token,
                                           const Stamp& now);
  [[nodiscard]] Register::SignedInAgain sign_in_again(const std::string& token, const std::string& session,
                                                      const std::string& language, const Stamp& now);
  [[nodiscard]] Register::Recovered recover(const std::string& code, const Stamp& now) const;
  int sign_out(const std::string& token, const Stamp& now);
  int erase(const std::string& token, const Stamp& now);
  /// The day @p id is over.
  void end_day(const std::string& id, const Stamp& now);
  [[nodiscard]] Session open_session(const Register::NewSession& wanted, const Stamp& now);
  [[nodiscard]] Session change_session(const Register::SessionChange& change, const Stamp& now);
  [[nodiscard]] Session close_session(const std::string& id, const std::string& who,
                                      const std::string& language, const Stamp& now);
  [[nodiscard]] Register::DeskAdded desk_add(const Register::DeskAdd& wanted, const Stamp& now);
  [[nodiscard]] std::string desk_left(const Register::DeskLeft& left, const Stamp& now);
  void desk_undo(const std::string& change, const std::string& language, const Stamp& now);
  void head_count(const std::string& session, std::int64_t count, const std::string& language,
                  const Stamp& now);
  void append(const Event& event);
  /// Erases who was last here longer ago than the retention, and cookies that have expired. How many persons.
  int retain(const Stamp& now);
  [[nodiscard]] Register::Exported export_(const Register::ExportRequest& request, const Stamp& now);

  [[nodiscard]] Register::Desk desk(const Register::DeskQuery& query, const Stamp& now) const;
  [[nodiscard]] Roster roster() const;
  /// @throws base::Error{NotFound} for a session that is not known.
  [[nodiscard]] Register::Summary summary(const std::string& session, const std::string& language,
                                          const Stamp& now) const;
  [[nodiscard]] Register::Me me(const std::string& token, const Stamp& now) const;
  /// @param session  one id, or empty for all. @param language  of the titles.
  [[nodiscard]] Table table(const std::string& session, const std::string& language, const Stamp& now) const;
  /// Cookies known here, each with the sessions in which somebody of the device is present now.
  struct Known {
    std::string token, ref;
    std::set<std::string> sessions;
  };
  [[nodiscard]] std::vector<Known> known(const Stamp& now) const;
  /// The reference of a device; nothing if the cookie is unknown.
  [[nodiscard]] const std::string* device(const std::string& token) const;
  [[nodiscard]] const State& state() const noexcept { return state_; }

 private:
  /// fr or en for a @p language that may be empty.
  [[nodiscard]] std::string language_of(const std::string& language) const;
  /// The session, written into the log if it is used for the first time. @throws base::Error{NotFound}
  Session touch(const std::string& id, const std::string& language, const Stamp& now);
  void follow_config(const Stamp& now);
  /// A sign-in of @p person is appended. @return what was recorded
  Register::Person record(const std::string& person, const SignIn& form, const std::string& device,
                          const std::string& session, Act act, const Stamp& now);
  /// @throws base::Error{Conflict}
  static void demand_open(const Session& session, const std::string& language, const Stamp& now);
  /// What the clock of the hub is worth; see Act::clock_suspect.
  [[nodiscard]] bool suspects(const Stamp& now) const;
  /// The clock was set since the last event of this run.
  [[nodiscard]] bool stepped(const Stamp& now) const;
  [[nodiscard]] std::vector<Row> present_rows(const std::string& person, const Stamp& now) const;
  void erase_person(const State::Person& person, const char* reason, const Stamp& now);
  void scrub();

  Store& store_;
  base::Identity identity_;
  Settings settings_;
  Writer writer_;
  State state_;
  std::map<std::string, Store::Device> devices_;  // by token
  bool loaded_ = false;
  bool scrub_ = false;  // something was emptied since the last scrub()
  // Of the last run of the hub, for start(). What the command line adds to the log belongs to no run.
  bool running_ = false;
  std::optional<Stamp> last_;
  std::int64_t newest_ms_ = 0;     // the latest time of day in the log
  std::optional<Stamp> previous_;  // of this run
  bool clock_was_set_ = false;     // in this run
};

}  // namespace hub::attendance
