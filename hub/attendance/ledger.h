#pragma once
#include "hub/attendance/day.h"
#include "hub/attendance/settings.h"
#include "hub/attendance/store.h"
#include "hub/attendance/table.h"

#include <functional>
#include <map>
#include <optional>
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

  /// Writes the Outage if the last run did not stop in order, then the Start.
  void start(const Stamp& now);
  void stop(const Stamp& now);
  [[nodiscard]] Register::SignedIn sign_in(const SignIn& form, const std::string& token, const Day& day,
                                           const Stamp& now);
  int sign_out(const std::string& token, const Stamp& now);
  int erase(const std::string& token, const Stamp& now);
  void end_session(const std::string& id, const Stamp& now);
  void append(const Event& event);
  /// Erases who was last here longer ago than the retention, and cookies that have expired. How many persons.
  int retain(const Stamp& now);
  [[nodiscard]] Register::Exported export_(const Register::ExportRequest& request, const Stamp& now);

  [[nodiscard]] Register::Me me(const std::string& token, const Stamp& now) const;
  /// @param session  one id, or empty for all. @param language  of the titles.
  [[nodiscard]] Table table(const std::string& session, const std::string& language, const Stamp& now) const;
  /// Cookies known here, each with whether somebody of the device is present now.
  struct Known {
    std::string token, ref;
    bool present = false;
  };
  [[nodiscard]] std::vector<Known> known(const std::string& session, const Stamp& now) const;
  /// The reference of a device; nothing if the cookie is unknown.
  [[nodiscard]] const std::string* device(const std::string& token) const;
  [[nodiscard]] const State& state() const noexcept { return state_; }

 private:
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
};

}  // namespace hub::attendance
