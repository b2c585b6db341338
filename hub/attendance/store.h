#pragma once
#include "hub/attendance/event.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hub::attendance {

/// Where the presence log is kept; hub/store implements it. All failures are base::Error: Busy if it may pass
/// (locked, disk full), anything else if not. @context thread-bound: store
class Store {
 public:
  /// The cookie of a device and the reference that stands for it in the log.
  struct Device {
    std::string token, ref;
    std::int64_t used_ms = 0;  ///< Unix time of the last sign-in
  };

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Runs @p body and commits: when it returns, what the body wrote is on the disk. If the body or the commit
  /// throws, nothing of it is.
  virtual void in_transaction(const std::function<void()>& body) = 0;
  /// Appends @p event. False, and nothing is written, if its id is there already.
  virtual bool append(const Event& event) = 0;
  /// Empties the log's memory of a person: replaces the payload of a sign-in.
  virtual void replace_payload(const EventId& id, const base::Json& payload) = 0;
  /// Calls @p each for every event in the order of arrival.
  virtual void load(const std::function<void(const Event&)>& each) = 0;

  virtual void put_device(const Device& device) = 0;
  virtual void forget_device(const std::string& ref) = 0;
  [[nodiscard]] virtual std::vector<Device> devices() = 0;

  /// Makes sure that no bytes of what was replaced or forgotten are left in the files. Outside a transaction.
  /// False if somebody else is reading: try again later.
  virtual bool scrub() = 0;
};

}  // namespace hub::attendance
