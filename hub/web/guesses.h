#pragma once
#include "hub/base/clock.h"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace hub::web {

/// Slows down who guesses the codes that bring a cookie back (30 bits, so that they can be typed). From one
/// address five may be wrong, then one is looked at after 1, 2, 4 … 60 s; of all addresses together, 20, then
/// one in ten seconds: with 300 devices in the register, guessing all day finds one of them on one day in
/// 400.
/// @context thread-bound: main
class Guesses {
 public:
  explicit Guesses(const base::Clock& clock) : clock_{clock} {}

  /// Counts a guess of @p peer as wrong from the start, so that many at once are many.
  /// @return how long to wait if it may not be looked at; nothing if it may.
  [[nodiscard]] std::optional<std::chrono::seconds> begin(const std::string& peer);
  /// The guess was right.
  void forgive(const std::string& peer);
  /// How long @p peer has to wait before the next one, if at all.
  [[nodiscard]] std::optional<std::chrono::seconds> wait(const std::string& peer);

 private:
  struct Peer {
    int count = 0;
    base::Mono blocked_until{};
  };

  const base::Clock& clock_;
  std::map<std::string, Peer> peers_;
  std::deque<base::Mono> wrong_;  // in all, each forgotten after kForget
};

}  // namespace hub::web
