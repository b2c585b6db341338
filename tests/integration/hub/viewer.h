#pragma once
#include "hub/base/json.h"
#include "tests/support/hub.h"
#include "tests/support/process.h"

#include <memory>
#include <string>

namespace hub::test {

/// Somebody with the attendee page in Chromium (tests/web/watch.mjs).
class Viewer {
 public:
  /// Begins to watch; finish() ends it.
  /// @param mode  "video" or "audio"
  Viewer(const Hub& hub, const std::string& channel, const std::string& mode);
  /// Waits until the page says that it plays, or that it failed.
  [[nodiscard]] bool plays(std::chrono::milliseconds timeout = std::chrono::seconds{40});
  /// What the page reported so far, a line for each change of state.
  [[nodiscard]] std::string states() const;
  /// Stops watching. @return what was seen: {played_s, wall_s, stalls, state, states, delays, width, faults},
  /// or {error}
  [[nodiscard]] base::Json finish();

  /// Chromium and node are there.
  [[nodiscard]] static bool available();
  /// Watches for @p seconds.
  [[nodiscard]] static base::Json watch(const Hub& hub, const std::string& channel, const std::string& mode,
                                        double seconds);

 private:
  TempDir dir_;
  std::unique_ptr<Process> browser_;
};

}  // namespace hub::test
