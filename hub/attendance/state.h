#pragma once
#include "hub/attendance/presence.h"

#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
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
  };
  struct Person {
    std::string ref;
    bool erased = false;
    std::vector<Entry> entries;  ///< never empty for a person with presence
  };
  struct Session {
    std::string id;
    Bounds bounds;
    EventId bounds_from{};  ///< the smallest id of several Session events wins
    std::vector<Moment> ends;
    std::map<std::string, std::vector<Mark>> marks;                 ///< by person
    std::map<std::string, std::set<std::string>> persons_of;        ///< who signed in on a device
    std::map<std::string, std::array<std::vector<Span>, 3>> spans;  ///< by device and mode, merged per boot
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
  /// What @p person wrote last. Precondition: it has entries.
  [[nodiscard]] const Entry& latest(const Person& person) const;

 private:
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
};

}  // namespace hub::attendance
