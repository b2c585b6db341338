#pragma once
#include "hub/base/clock.h"
#include "hub/recordings/trouble.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::recordings {

/// A recording, or one that is on its way, as people see it.
struct Item {
  enum class State { Queued, Fetching, Ready, Failed };
  std::string id, title;
  std::optional<std::uint64_t> size_bytes;
  bool size_is_estimate = false;
  std::uint64_t done_bytes = 0;
  std::optional<double> duration_s;
  State state = State::Queued;
  std::optional<Trouble> reason;  ///< why it failed or waits
  std::optional<base::Wall> keep_until;
  friend bool operator==(const Item& a, const Item& b);
};
[[nodiscard]] constexpr const char* to_string(Item::State state) noexcept {
  switch (state) {
    case Item::State::Queued:
      return "queued";
    case Item::State::Fetching:
      return "fetching";
    case Item::State::Ready:
      return "ready";
    case Item::State::Failed:
      return "failed";
  }
  return "failed";
}

/// What the web handlers and commands need of the recordings. @context thread-bound: main
class Shelf {
 public:
  template <class T>
  using Then = std::function<void(Outcome<T>)>;
  /// What is to be fetched.
  struct Wish {
    std::string uri;
    std::string title;  ///< empty: made from the address
    std::uint32_t max_height = 360;
    std::uint32_t max_kbps = 0;
    bool now = false;  ///< whatever the quiet hours say
  };
  struct Quote {
    std::optional<std::uint64_t> size_bytes;
    bool size_is_estimate = false;
    std::uint64_t free_bytes = 0;
    base::Wall starts_at{};
  };

  Shelf() = default;
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  virtual ~Shelf() = default;

  /// Those that are there by id, then those to come in their order.
  [[nodiscard]] virtual const std::vector<Item>& list() const = 0;
  /// Called on main after list() changed.
  virtual void on_change(std::function<void()> listener) = 0;
  [[nodiscard]] virtual std::uint64_t free_bytes() const = 0;
  /// `[rights] permission`: who allowed it, and when. Empty: nothing is fetched.
  [[nodiscard]] virtual const std::string& permission() const = 0;

  /// Queues it; on the disk when @p then is called. The same address again goes on with what is there.
  /// Trouble: NotAuthorised without permission, Invalid, Conflict if it is there already.
  virtual void add(Wish wish, Then<Item> then) = 0;
  /// Asks the server for the size. TooLarge if the disk has no place for it.
  virtual void ask_size(Wish wish, Then<Quote> then) = 0;
  /// Deletes a recording, or what is there of one. NotFound.
  virtual void remove(std::string id, Then<base::Done> then) = 0;
};

/// What is said while `[rights] permission` is empty.
[[nodiscard]] Trouble no_permission();

}  // namespace hub::recordings
