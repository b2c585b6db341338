#pragma once
#include "hub/base/json.h"
#include "tests/support/http.h"
#include "tests/support/process.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::test {

/// A real `viewing-hub serve` on a free loopback port, with its data in a temporary folder that survives
/// restarts.
class Hub {
 public:
  struct Channel {
    std::string id;
    std::string uri;
    std::string kind = "auto";
  };
  /// Starts it and waits until it answers. @param extra  further TOML, before the channels.
  explicit Hub(std::vector<Channel> channels, std::string extra = {});

  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] HttpAnswer get(const std::string& path) const { return http(url(path)); }
  [[nodiscard]] HttpAnswer post(const std::string& path, const base::Json& body,
                                const std::string& cookie = {}) const;
  /// The channel's entry of /api/v1/channels; null if there is none or nobody answers.
  [[nodiscard]] base::Json channel(const std::string& id) const;
  [[nodiscard]] bool wait_for_state(const std::string& id, const std::string& state,
                                    std::chrono::milliseconds timeout = std::chrono::seconds{30}) const;
  /// Runs `viewing-hub <args> --data-dir <ours> --config <ours>` to its end. @return exit code and output
  [[nodiscard]] std::pair<int, std::string> run(std::vector<std::string> args) const;

  void kill();   ///< SIGKILL, as in a power cut; waits until it is gone
  void start();  ///< again, on the same port
  /// SIGTERM. @return its exit code; nothing if it did not end within 10 s.
  std::optional<int> stop();
  [[nodiscard]] pid_t pid() const { return process_->pid(); }
  [[nodiscard]] std::string log() const;
  [[nodiscard]] const TempDir& dir() const { return dir_; }
  /// Process ids of the workers that run now, from /proc.
  [[nodiscard]] std::vector<pid_t> workers() const;

 private:
  TempDir dir_;
  int port_;
  std::unique_ptr<Process> process_;
  int starts_ = 0;
};

/// Path of a program of this build.
[[nodiscard]] std::string program(const std::string& name);

}  // namespace hub::test
