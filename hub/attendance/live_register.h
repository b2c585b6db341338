#pragma once
#include "hub/attendance/ledger.h"
#include "hub/attendance/register.h"
#include "hub/attendance/roster.h"
#include "hub/lib/glib/loop.h"

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace hub::attendance {

class Committer;

/// The Register of `serve`. Changes are stamped on main in the order in which they come, committed in groups
/// on the store thread, and answered on main. What main has to know at once (whose cookie is this, which
/// session is it) it keeps a copy of.
/// @context thread-bound: main
class LiveRegister final : public Register {
 public:
  /// Reads the log, writes the Start (and the Outage after a power cut) and applies the retention; blocks for
  /// it.
  /// @param store_thread  runs all calls to @p store from now on. Both outlive this.
  /// @param boot  base::boot_id().
  /// @throws base::Error if the log cannot be read or written, or the time zone is unknown.
  LiveRegister(lib::glib::Loop& main, lib::glib::LoopThread& store_thread, Store& store,
               const base::Clock& clock, const base::Identity& identity, Settings settings, Writer writer,
               const std::string& boot);
  /// Writes the proofs not yet written and the Stop, and waits until they are on the disk.
  ~LiveRegister() override;

  void sign_in(Arrival arrival, std::string device, Then<SignedIn> then) override;
  void sign_in_again(std::string device, std::string session, std::string language,
                     Then<SignedInAgain> then) override;
  void recover(std::string code, Then<Recovered> then) override;
  void sign_out(std::string device, Then<int> then) override;
  void me(std::string device, Then<Me> then) override;
  void erase(std::string device, Then<int> then) override;
  void seen(const Proof& proof) override;
  [[nodiscard]] bool knows(std::string_view device) const override;
  [[nodiscard]] Session current(std::string_view language) const override;
  [[nodiscard]] std::vector<Session> today(std::string_view language) const override;
  void open_session(NewSession session, Then<Session> then) override;
  void change_session(SessionChange change, Then<Session> then) override;
  void close_session(std::string id, std::string who, std::string language, Then<Session> then) override;
  void desk(DeskQuery query, Then<Desk> then) override;
  void desk_add(DeskAdd add, Then<DeskAdded> then) override;
  void desk_left(DeskLeft left, Then<std::string> then) override;
  void desk_undo(std::string change, std::string language, Then<base::Done> then) override;
  void head_count(std::string session, std::int64_t count, std::string language,
                  Then<base::Done> then) override;
  void summary(std::string session, std::string language, Then<Summary> then) override;
  void export_(ExportRequest request, Then<Exported> then) override;
  void on_change(std::function<void(Changed)> listener) override { listener_ = std::move(listener); }

  /// Tells the listener what time has opened or closed since the last call. A timer calls it every 5 s.
  void tick();
  /// Goes over to the next day if it is time, and writes the proofs collected since the last call. A timer
  /// calls it every kFlush.
  void flush();

 private:
  struct Device {
    std::string ref;
    std::set<std::string> sessions;  // somebody of it is signed in there: only then is it measured
  };
  struct Collected {  // proofs of one device and mode without a gap
    std::string session, device;
    Proof::Mode mode = Proof::Mode::Page;
    Stamp from, to;
  };
  template <class T>
  void submit(std::function<T(Ledger&)> work, Then<T> then);
  /// submit() of a change that may say otherwise who is present or what sessions there are.
  template <class T>
  void change(std::vector<Changed> what, std::function<T(Ledger&)> work, Then<T> then);
  void tell(Changed what) const;
  void roll_over();
  void collect(Collected collected);
  [[nodiscard]] static Event to_event(const Collected& collected);
  void flush_collected();
  void retain();

  const base::Clock& clock_;
  base::Identity identity_;
  lib::glib::TimeZone zone_;
  Stamper stamper_;
  std::shared_ptr<Committer> committer_;
  Day day_;
  Roster roster_;                                    // as the ledger has it
  std::string told_;                                 // states of the sessions when the listener was last told
  std::unordered_map<std::string, Device> devices_;  // by cookie
  std::unordered_map<std::string, Collected> open_;  // by device and mode
  std::vector<Collected> collected_;
  base::Mono retained_at_{};
  std::function<void(Changed)> listener_;
  std::shared_ptr<const int> alive_ =
      std::make_shared<const int>(0);  // answers look whether it is still there
  lib::glib::SourceGuard timer_, tick_timer_;
};

}  // namespace hub::attendance
