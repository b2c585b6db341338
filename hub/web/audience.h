#pragma once
#include "hub/attendance/register.h"
#include "hub/base/clock.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::web {

/// A sign of life of one viewer, from a web thread.
struct Sign {
  std::string device;      ///< token of its cookie, or empty
  std::uint64_t page = 0;  ///< id of the connection of its WebSocket; 0: a media request
  std::string peer;        ///< address
  std::string channel;     ///< empty: nothing plays
  attendance::Proof::Mode mode = attendance::Proof::Mode::Page;
};

/// Which devices follow which channel now. A device is its cookie; without one its open page; without a page
/// (VLC, a radio) its address, unless a page of the same address follows the channel. Nothing is kept longer
/// than 20 s. @context thread-bound: main
class Audience {
 public:
  static constexpr std::chrono::seconds kWindow{20};
  static constexpr std::chrono::seconds kHole{10};

  Audience(const base::Clock& clock, attendance::Register& attendance);
  Audience(const Audience&) = delete;
  Audience& operator=(const Audience&) = delete;
  ~Audience() = default;

  /// Counts the viewer, and tells the register of devices with a cookie.
  void note(const Sign& sign);
  /// The WebSocket of a page is closed.
  void left(std::uint64_t page);
  [[nodiscard]] int viewers(std::string_view channel) const { return count(channel, std::nullopt); }
  /// Those who watch (Mode::Video) or listen (Mode::Audio).
  [[nodiscard]] int viewers(std::string_view channel, attendance::Proof::Mode mode) const {
    return count(channel, mode);
  }
  /// Somebody whose player fetches media now, seen from another machine than the hub's own.
  struct Playing {
    std::string channel;
    attendance::Proof::Mode mode = attendance::Proof::Mode::Video;
    std::chrono::seconds since{0};  ///< without a hole of more than 10 s
  };
  [[nodiscard]] std::vector<Playing> playing() const;
  /// Open pages on other machines than the hub's own.
  [[nodiscard]] int pages() const;
  /// Called after a count may have changed, but for those that only ran out.
  void on_change(std::function<void()> listener) { listener_ = std::move(listener); }

 private:
  struct Viewer {
    base::Mono last;
    std::uint64_t page;
    std::string peer;
    bool by_address;
    attendance::Proof::Mode mode = attendance::Proof::Mode::Page;
    base::Mono media_since{}, media_last{};  ///< of its media requests, none of the page's own words
  };
  struct Page {
    base::Mono last;
    std::string peer;
  };
  void note_media(Viewer& viewer) const;
  [[nodiscard]] int count(std::string_view channel, std::optional<attendance::Proof::Mode> mode) const;
  void forget_old();

  const base::Clock& clock_;
  attendance::Register& attendance_;
  std::map<std::pair<std::string, std::string>, Viewer> viewers_;  // by channel and device
  std::map<std::uint64_t, Page> pages_;                            // by id of the WebSocket's connection
  std::function<void()> listener_;
};

}  // namespace hub::web
