#pragma once
#include "hub/stream/framing.h"
#include "hub/stream/job.h"
#include "tests/support/process.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::test {

/// The hub's side of one real worker process.
class WorkerClient {
 public:
  struct Received {
    stream::Message message;
    std::chrono::steady_clock::time_point at;
  };

  /// @param program  path of viewing-hub-worker. Sends no Start yet.
  explicit WorkerClient(const std::string& program,
                        std::vector<std::pair<std::string, std::string>> env = {});
  WorkerClient(const WorkerClient&) = delete;
  WorkerClient& operator=(const WorkerClient&) = delete;
  ~WorkerClient();

  void start(const stream::Job& job);
  void send(const stream::Message& message);
  /// Receives until @p enough, Bye, the end of the socket or @p limit. @return whether @p enough came true.
  bool receive_until(std::chrono::milliseconds limit, const std::function<bool()>& enough);
  void receive_for(std::chrono::milliseconds time) {
    receive_until(time, [] { return false; });
  }
  /// Closes our end, as a hub that dies does.
  void hang_up();

  [[nodiscard]] const std::vector<Received>& all() const noexcept { return received_; }
  [[nodiscard]] std::vector<stream::Unit> units(stream::Codec codec) const;
  [[nodiscard]] std::vector<stream::Tracks> tracks() const;
  [[nodiscard]] std::optional<stream::Track> track(stream::Codec codec) const;  ///< of the last Tracks
  [[nodiscard]] std::vector<std::string> titles() const;
  [[nodiscard]] std::optional<base::Failure> bye() const;
  [[nodiscard]] std::optional<stream::Health> health() const;  ///< the last
  /// Seconds of media of @p codec received so far.
  [[nodiscard]] double seconds(stream::Codec codec) const;
  [[nodiscard]] Process& process() noexcept { return *process_; }
  [[nodiscard]] std::string log() const { return process_->output(); }

 private:
  TempDir dir_;
  int fd_ = -1;
  bool open_ = true;
  stream::Deframer deframer_;
  std::vector<Received> received_;
  std::unique_ptr<Process> process_;
};

}  // namespace hub::test
