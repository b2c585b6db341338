#pragma once
#include "hub/base/clock.h"
#include "hub/stream/track.h"

#include <cstddef>
#include <span>
#include <string>

namespace hub::channels {

/// One endless audio output. @context thread-bound: relay
class AudioOutlet {
 public:
  AudioOutlet() = default;
  AudioOutlet(const AudioOutlet&) = delete;
  AudioOutlet& operator=(const AudioOutlet&) = delete;
  virtual ~AudioOutlet() = default;
  virtual void begin(const stream::Track& track) = 0;
  virtual void push(const stream::Unit& unit) = 0;
  virtual void set_title(const std::string& title) = 0;
  [[nodiscard]] virtual std::size_t listeners() const = 0;
};

/// The outputs of one channel, as the channel fills them: what packager/ makes, and in tests a recorder.
/// @context thread-bound: relay
class Outlet {
 public:
  Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;
  virtual ~Outlet() = default;

  /// The channel has begun to deliver: its track set is fixed until close().
  virtual void open(bool video, bool audio) = 0;
  /// A run begins, with the tracks of open(). Between open() and close().
  virtual void begin(std::span<const stream::Track> tracks) = 0;
  virtual void push(const stream::Unit& unit, base::Wall release) = 0;
  virtual void end() = 0;
  /// Players can begin: three segments or 6 s are listed.
  [[nodiscard]] virtual bool playable() const = 0;
  /// The channel was stopped: all outputs become empty, and listeners are sent away.
  virtual void close() = 0;

  [[nodiscard]] virtual AudioOutlet& mp3() = 0;
  [[nodiscard]] virtual AudioOutlet& aac() = 0;
};

}  // namespace hub::channels
