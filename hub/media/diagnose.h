#pragma once
#include "hub/base/error.h"

#include <functional>
#include <memory>
#include <string>

#include <gio/gio.h>

namespace hub::media {

/// Finds out why a source could not be opened, by connecting to its host without asking for anything:
/// souphttpsrc and hlsdemux2 of 1.22 report an unknown name and a refused connection alike, as a stream that
/// stopped. @context thread-bound: main loop
class Diagnosis {
 public:
  /// Called once: what is wrong with the host, or nothing if it takes connections or does not use TCP.
  using Done = std::function<void(std::optional<base::Failure>)>;

  explicit Diagnosis(const std::string& uri, Done done);
  Diagnosis(const Diagnosis&) = delete;
  Diagnosis& operator=(const Diagnosis&) = delete;
  ~Diagnosis();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hub::media
