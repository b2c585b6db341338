#pragma once
#include "hub/base/clock.h"
#include "hub/channels/backoff.h"
#include "hub/channels/outlet.h"
#include "hub/channels/worker.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace hub::channels {

/// Fills a channel's MP3 output. Its rate and channels are fixed by the first source, since browsers end
/// `<audio>` when they change. A source that brings MP3 of that profile is passed through; from any other
/// the AAC units go through an encoder process, which runs only while somebody listens: it is started with
/// the first listener, ended 10 s after the last one left, and stays over changes of the source. It begins
/// with the last 3 s, so that the first listener has a burst to start from instead of silence.
/// @context thread-bound: relay
class Mp3Feed final : Worker::Listener {
 public:
  Mp3Feed(std::string channel, std::uint32_t kbps, const base::Clock& clock, WorkerFactory& workers,
          AudioOutlet& out, std::uint32_t seed);

  /// A run begins. @param aac, mp3  the source's tracks; null: it has none.
  void begin(const stream::Track* aac, const stream::Track* mp3);
  /// A unit of the source's MP3 track, or of the channel's AAC track, in channel time.
  void push_mp3(const stream::Unit& unit);
  void push_aac(const stream::Unit& unit);
  /// To be called every 100 ms or so.
  void tick();
  /// The channel is stopped. The profile stays.
  void stop();
  [[nodiscard]] bool encoding() const { return encoder_ != nullptr; }

 private:
  void on_message(stream::Message message) override;
  void on_exit(const WorkerExit& how) override;
  void start();
  [[nodiscard]] bool fits(const stream::Track& track) const;

  struct Profile {
    std::uint32_t rate_hz;
    std::uint8_t channels;
  };
  std::string channel_;
  std::uint32_t kbps_;
  const base::Clock& clock_;
  WorkerFactory& workers_;
  AudioOutlet& out_;
  Backoff backoff_;
  std::optional<Profile> profile_;
  bool passing_ = false;              // the source's own MP3 fits
  std::optional<stream::Track> aac_;  // what an encoder would get
  base::Mono wanted_{};               // when somebody last listened
  base::Mono started_{};
  base::Mono retry_at_{};
  std::deque<stream::Unit> recent_;  // AAC, for an encoder that is started next
  bool encoded_ = false;             // the encoder announced a track that fits
  std::unique_ptr<Worker> encoder_;
};

}  // namespace hub::channels
