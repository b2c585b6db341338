#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hub::base {

/// What went wrong, as far as a caller can act on it. The web module maps each to one HTTP status and the CLI
/// to an exit code; the text beside it is for people.
enum class Errc {
  Invalid,        ///< input that cannot be understood or is out of range
  NotFound,       ///< no such thing, or the peer answered 404
  NotAuthorised,  ///< credentials are missing or wrong, or the peer answered 401 or 403
  Conflict,       ///< contradicts what is already there
  TooLarge,       ///< over a documented limit
  Busy,           ///< try again later
  Unreachable,    ///< name not found, no route, or no answer in time
  Refused,        ///< the peer is there and turned the connection down
  Unsupported,    ///< a format or a plugin that this machine cannot handle
  Ended,          ///< the source came to its end
  Stalled,        ///< connected, but nothing comes any more
  Io,             ///< disk, socket or operating system
  Config,         ///< the operator's settings
  Internal        ///< a fault of this program
};

/// Stable word of @p code for APIs and logs: "not_found", "stalled", …
[[nodiscard]] std::string_view to_string(Errc code) noexcept;
/// The inverse of to_string; nothing if @p word is none of them.
[[nodiscard]] std::optional<Errc> errc_from(std::string_view word) noexcept;

/// A failure as a value: what kind, and a sentence that says what to do about it.
struct Failure {
  Errc code = Errc::Internal;
  std::string text;
  friend bool operator==(const Failure&, const Failure&) = default;
};

/// A failure caused by the operator or the machine (bad config, port taken, disk full). Failures caused by a
/// peer or by time travel as Result instead.
class Error : public std::runtime_error {
 public:
  Error(Errc code, const std::string& text) : std::runtime_error{text}, code_{code} {}
  [[nodiscard]] Errc code() const noexcept { return code_; }
  [[nodiscard]] Failure failure() const { return {code_, what()}; }

 private:
  Errc code_;
};

/// Either a T or a Failure; shaped like C++23's std::expected<T, Failure>, to be replaced by it one day.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_{std::in_place_index<0>, std::move(value)} {}  // NOLINT: implicit as in std::expected
  Result(Failure failure) : state_{std::in_place_index<1>, std::move(failure)} {}  // NOLINT: same

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  /// Precondition: has_value().
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  /// Precondition: !has_value().
  [[nodiscard]] const Failure& error() const { return std::get<1>(state_); }
  /// The value, or the failure thrown as Error.
  T or_throw() && {
    if (!has_value()) throw Error{error().code, error().text};
    return std::get<0>(std::move(state_));
  }

 private:
  std::variant<T, Failure> state_;
};

struct Done {};  ///< the value of an action that only succeeds or fails
using Status = Result<Done>;
inline Status ok() {
  return Done{};
}

}  // namespace hub::base
