#pragma once
#include "hub/channels/flow_watch.h"
#include "hub/channels/replay.h"
#include "hub/channels/worker.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace hub::channels {

/// One worker of a channel and what it plays: on air, or getting ready while another one is. What comes of
/// one that is not on air is kept, so that it can be cut to without a hole once it has something to begin
/// with.
/// @context thread-bound: relay
class Take final : Worker::Listener {
 public:
  class Owner {
   public:
    Owner() = default;
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    virtual ~Owner() = default;
    /// The owner may destroy the take inside these calls.
    virtual void on_message(Take& take, stream::Message message) = 0;
    virtual void on_exit(Take& take, const WorkerExit& how) = 0;
  };

  Take(Owner& owner, const Program& program, base::Mono now, std::chrono::milliseconds patience)
      : owner_{owner}, program_{program}, flow_{now, patience} {}

  /// Errc::Io as the factory says.
  [[nodiscard]] base::Status start(WorkerFactory& workers, const stream::Job& job);

  [[nodiscard]] const Program& program() const { return program_; }
  [[nodiscard]] FlowWatch& flow() { return flow_; }
  /// Where in its recording it began; nothing before it has said so, and for anything that is no file.
  [[nodiscard]] const std::optional<stream::Position>& position() const { return position_; }

  /// Keeps a message for later. @param now  its arrival.
  void keep(stream::Message message, base::Mono now);
  /// True once what was kept begins with a key frame that has sound beside it, or with sound alone.
  [[nodiscard]] bool ready() const;
  /// What was kept is more than any start needs.
  [[nodiscard]] bool overfull() const { return kept_bytes_ > kMaxKeptBytes; }
  [[nodiscard]] std::vector<stream::Message> release() { return std::exchange(kept_, {}); }

 private:
  static constexpr std::size_t kMaxKeptBytes = 32U << 20U;
  void on_message(stream::Message message) override;
  void on_exit(const WorkerExit& how) override { owner_.on_exit(*this, how); }

  Owner& owner_;
  Program program_;
  FlowWatch flow_;
  std::optional<stream::Position> position_;
  std::vector<stream::Message> kept_;
  std::size_t kept_bytes_ = 0;
  std::optional<std::uint8_t> video_, audio_;  ///< tracks of what was kept
  std::optional<base::Nanos> key_;             ///< PTS of the first key frame kept
  base::Nanos heard_{-1};                      ///< end of the sound kept
  std::unique_ptr<Worker> worker_;             // last: it calls back
};

}  // namespace hub::channels
