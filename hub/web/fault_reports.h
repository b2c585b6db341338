#pragma once
#include "hub/base/clock.h"
#include "hub/base/json.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace hub::web {

/// "It does not work", as attendees said it. The newest 200, in memory only: they are for the host of this
/// hour. @context thread-bound: main
class FaultReports {
 public:
  static constexpr std::size_t kKept = 200;
  struct Entry {
    std::int64_t id = 0;
    base::Wall at{};
    std::string channel, symptom, text;
    base::Json player;
  };
  /// @return its id, counted from 1.
  std::int64_t add(Entry entry) {
    entry.id = ++last_id_;
    entries_.push_front(std::move(entry));
    if (entries_.size() > kKept) entries_.pop_back();
    return last_id_;
  }
  /// Newest first.
  [[nodiscard]] const std::deque<Entry>& list() const { return entries_; }

 private:
  std::int64_t last_id_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace hub::web
