#pragma once
#include "hub/attendance/presence.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hub::attendance {

/// What the presence log says, folded. It holds sets and maxima only, so that the same events give the same
/// State in whatever order they come; what depends on order (who is there, what somebody last wrote) is
/// computed from it (table.h).
class State {
 public:
  struct Entry {  ///< one sign-in
    EventId id{};
    Moment at;
    std::string session, device;
    SignIn form;  ///< emptied once the person is erased
    Act act;
  };
  struct Step {  ///< a person comes or goes
    Moment at;
    Mark::What what = Mark::What::In;
    Act act;
  };
  struct Person {
    std::string ref;
    bool erased = false;
    std::vector<Entry> entries;  ///< never empty for a person with presence
  };
  struct Session {
    std::string id;
    EventId first{};  ///< of several Session events the one with the smallest id counts
    base::Json opened = base::Json::object();  ///< its payload
    struct Change {
      EventId id{};
      Moment at;
      base::Json payload;
      bool correction = false;
    };
    std::vector<Change> changes;
    std::vector<std::pair<Moment, EventId>> ends;
    struct Count {
      Moment at;
      EventId id{};
      std::int64_t count = 0;
    };
    std::vector<Count> head_counts;
    std::map<std::string, std::vector<Step>> steps;                 ///< by person
    std::map<std::string, std::set<std::string>> persons_of;        ///< who signed in on a device
    std::map<std::string, std::array<std::vector<Span>, 3>> spans;  ///< by device and mode, merged per boot
  };

  /// What a session is once all that was said about it is put together: of two changes the later one counts.
  struct Shape {
    std::string title, acronym, meeting, channel;
    Bounds planned;            ///< start, and the end as planned, changed or corrected
    std::int64_t end_ms = 0;   ///< when it was closed, else the planned end
    std::vector<Moment> ends;  ///< everybody leaves
    bool closed = false;       ///< by the host, and its end not corrected since
    bool corrected = false;    ///< the host gave its end after it was over
    std::optional<std::int64_t> head_count;
  };
  /// A change of the desk.
  struct DeskChange {
    std::string session;
    Mark::What what = Mark::What::In;
    Moment at;
    std::set<std::string> persons;
  };

  /// Adds @p event. False, and nothing changes, if its id was applied before.
  bool apply(const Event& event);

  [[nodiscard]] const Timeline& timeline() const noexcept { return timeline_; }
  [[nodiscard]] const std::map<std::string, Session>& sessions() const noexcept { return sessions_; }
  [[nodiscard]] const std::vector<Outage>& outages() const noexcept { return outages_; }
  [[nodiscard]] const std::map<std::string, Person>& persons() const noexcept { return persons_; }
  [[nodiscard]] const Person* person(const std::string& ref) const;
  /// Everybody who ever signed in on @p device and is not erased, in the order of their references.
  [[nodiscard]] std::vector<const Person*> persons_of(const std::string& device) const;
  /// What @p person wrote last.
  /// Nothing if all of it was undone.
  [[nodiscard]] const Entry* latest(const Person& person) const;
  [[nodiscard]] Shape shape(const Session& session) const { return shape(session, false); }
  /// shape() as the config alone has made it.
  [[nodiscard]] Shape configured(const Session& session) const { return shape(session, true); }
  /// The person's comings and goings in @p session that were not undone, in no order.
  [[nodiscard]] std::vector<Mark> marks(const std::vector<Step>& steps) const;
  [[nodiscard]] bool is_void(const Act& act) const {
    return !act.change.empty() && undone_.contains(act.change);
  }
  /// Changes of the desk, by `c-…`; undone() says which were taken back.
  [[nodiscard]] const std::map<std::string, DeskChange>& desk_changes() const noexcept {
    return desk_changes_;
  }
  [[nodiscard]] bool undone(const std::string& change) const { return undone_.contains(change); }

 private:
  [[nodiscard]] Shape shape(const Session& session, bool config_only) const;
  void note_change(const Event& event, const Moment& at, const Act& act, Mark::What what);
  void add_span(Session& session, const Event& event);

  struct HashId {
    std::size_t operator()(const EventId& id) const noexcept;
  };
  std::unordered_map<EventId, bool, HashId> applied_;
  Timeline timeline_;
  std::map<std::string, Session> sessions_;
  std::map<std::string, Person> persons_;
  std::map<std::string, std::set<std::string>> devices_;  // device → persons
  std::vector<Outage> outages_;
  std::map<std::string, DeskChange> desk_changes_;
  std::set<std::string> undone_;
};

}  // namespace hub::attendance
