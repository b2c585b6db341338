#pragma once
#include "hub/lib/glib/uri.h"
#include "hub/lib/soup/client.h"
#include "hub/recordings/budget.h"
#include "hub/recordings/trouble.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace hub::recordings {

/// Free and whole size of a disk, bytes.
struct Space {
  std::uint64_t free = 0, capacity = 0;
};
[[nodiscard]] Space space_of(const std::filesystem::path& folder);
/// What a fetch may still take of @p space: it leaves 500 MB, or 5 % of a small disk.
[[nodiscard]] std::uint64_t room_in(const Space& space) noexcept;
/// "1.2 GB"; with a comma and "Go" in French.
[[nodiscard]] std::string size_text(std::uint64_t bytes, std::string_view language);

/// What a fetch asks of the hub around it. Functions are called in the fetching thread.
struct Surroundings {
  /// True for an address that is this hub's own.
  std::function<bool(const lib::glib::WebAddress&)> is_this_hub;
  /// Joins the tracks of @p inputs in one MP4 file with an index.
  std::function<base::Status(const std::vector<std::filesystem::path>& inputs,
                             const std::filesystem::path& output)>
      remux;
  std::function<Space(const std::filesystem::path&)> space = space_of;
  std::chrono::milliseconds first_pause{1000};  ///< before the second attempt; doubles up to 30 s
  int attempts = 7;                             ///< without a byte of progress
};

/// HTTP as a fetch needs it: redirects (at most 5, never to the hub itself), statuses in words, a rate limit,
/// the month's budget, and an end at any moment. Blocks. @context one thread, but for stop(), stopped() and
/// received()
class Download {
 public:
  /// @param kbps  rate limit, 0: none
  Download(const Surroundings& around, Budget& budget, std::uint32_t kbps);
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;
  ~Download() = default;

  /// An answer of 200, 206 or 416, and where it came from.
  struct Open {
    lib::soup::ClientAnswer answer;
    std::string url;
  };
  using Headers = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] Outcome<Open> open(const std::string& url, const Headers& headers = {},
                                   const std::string& method = "GET");
  /// As ClientAnswer::read(), with everything counted and slowed down.
  [[nodiscard]] Outcome<std::size_t> read(Open& open, std::span<char> to);
  /// The whole body as text. Trouble beyond @p most bytes. @param text  what was read already
  [[nodiscard]] Outcome<std::string> read_text(Open& open, std::size_t most, std::string text = {});
  /// read_text() of @p url, with its final address in @p url.
  [[nodiscard]] Outcome<std::string> get_text(std::string& url, std::size_t most);

  /// Waits before attempt number @p failures + 1. @return false if it is to stop.
  bool pause(int failures);
  [[nodiscard]] int attempts() const noexcept { return around_.attempts; }
  void stop();  ///< @context thread-safe
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] static Trouble stop_trouble();

 private:
  [[nodiscard]] Trouble trouble_of(const base::Failure& failure, const std::string& url) const;
  [[nodiscard]] std::optional<Trouble> check_target(const std::string& url) const;
  void slow_down(std::size_t bytes);

  const Surroundings& around_;
  Budget& budget_;
  const std::uint32_t kbps_;
  lib::soup::Client client_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;  // with wake_, guards the change of stopped_
  std::condition_variable wake_;
  std::chrono::steady_clock::time_point due_{};  // when the next read may begin
};

}  // namespace hub::recordings
