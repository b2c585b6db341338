#pragma once
#include "hub/attendance/store.h"

#include <algorithm>
#include <set>
#include <vector>

namespace hub::test {

/// A Store in memory that fails when told to.
class MemoryStore final : public attendance::Store {
 public:
  std::vector<attendance::Event> events;
  std::vector<Device> known;
  int commits = 0;
  int fail_commits = 0;  ///< so many commits fail with Busy

  void in_transaction(const std::function<void()>& body) override {
    const auto events_before = events;
    const auto known_before = known;
    try {
      body();
      if (fail_commits > 0) {
        --fail_commits;
        throw base::Error{base::Errc::Busy, "the disk is full"};
      }
      ++commits;
    } catch (...) {
      events = events_before;
      known = known_before;
      throw;
    }
  }
  bool append(const attendance::Event& event) override {
    if (std::any_of(events.begin(), events.end(), [&](const auto& e) { return e.id == event.id; }))
      return false;
    events.push_back(event);
    return true;
  }
  void replace_payload(const attendance::EventId& id, const base::Json& payload) override {
    for (auto& event : events)
      if (event.id == id) event.payload = payload;
  }
  void load(const std::function<void(const attendance::Event&)>& each) override {
    for (const auto& event : events) each(event);
  }
  void put_device(const Device& device) override {
    forget_device(device.ref);
    known.push_back(device);
  }
  void forget_device(const std::string& ref) override {
    std::erase_if(known, [&](const Device& device) { return device.ref == ref; });
  }
  std::vector<Device> devices() override { return known; }
  bool scrub() override { return true; }
};

}  // namespace hub::test
