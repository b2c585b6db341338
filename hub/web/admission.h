#pragma once
#include "hub/base/clock.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hub::web {

/// Whether the network of the room has a place for one more picture (`[lan] max_kbps`). Sound is always let
/// in. Who has a place keeps it as long as the player asks; a full network opens again when a newcomer would
/// leave a tenth of it free, so that places do not come and go. All members are thread-safe.
class Admission {
 public:
  /// Who has not asked for this long has left; as in audience.h.
  static constexpr std::chrono::seconds kWindow{20};
  static constexpr std::uint32_t kUnknownKbps = 1000;  ///< of a channel that was not measured yet

  /// @param max_kbps  0: no limit
  explicit Admission(std::uint32_t max_kbps) : max_kbps_{max_kbps} {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;
  ~Admission() = default;

  /// One channel as main knows it.
  struct Channel {
    std::string id;
    std::uint32_t kbps = 0;        ///< of the pictures with their sound; 0: not measured
    std::uint32_t sound_kbps = 0;  ///< of the sound alone
    int watching = 0, listening = 0;
  };
  void refresh(const std::vector<Channel>& channels, base::Mono now);

  /// A player of @p viewer asks for pictures of @p channel. @param viewer  its cookie, or its address
  /// @return false if there is no place and it had none
  [[nodiscard]] bool admit(const std::string& channel, const std::string& viewer, base::Mono now);
  /// True if a newcomer would be let in.
  [[nodiscard]] bool has_place(const std::string& channel, base::Mono now);
  /// What all viewers take of the network.
  [[nodiscard]] std::uint64_t demand_kbps(base::Mono now);

 private:
  void forget_old_locked(base::Mono now);
  [[nodiscard]] std::uint64_t demand_locked() const;
  [[nodiscard]] std::uint32_t kbps_locked(const std::string& channel) const;
  [[nodiscard]] bool has_place_locked(const std::string& channel);

  const std::uint32_t max_kbps_;
  std::mutex mutex_;  // guards all below
  std::map<std::string, Channel> channels_;
  std::map<std::string, std::map<std::string, base::Mono>> places_;  // by channel and viewer: asked last
  std::map<std::string, bool> full_;
};

/// Bit rates of the channels out of the bytes that came in, smoothed over about ten seconds.
/// @context thread-bound: main
class RateMeter {
 public:
  /// @return kbit/s; 0 before two looks that are a second apart
  std::uint32_t look(const std::string& channel, std::uint64_t bytes_in, base::Mono now);

 private:
  struct State {
    std::uint64_t bytes = 0;
    base::Mono at{};
    double kbps = 0;
  };
  std::map<std::string, State> states_;
};

}  // namespace hub::web
