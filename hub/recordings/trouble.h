#pragma once
#include "hub/base/error.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hub::recordings {

/// Why a recording cannot be fetched, for people: kept beside the unfinished recording, so that it can be
/// shown later in the language of whoever asks. Never holds a password or a query.
struct Trouble {
  base::Errc code = base::Errc::Internal;
  std::string fr, en;
  [[nodiscard]] const std::string& in(std::string_view language) const { return language == "fr" ? fr : en; }
  [[nodiscard]] base::Failure failure(std::string_view language) const { return {code, in(language)}; }
  /// True if trying again later may help.
  [[nodiscard]] bool passes() const noexcept {
    using base::Errc;
    return code == Errc::Unreachable || code == Errc::Refused || code == Errc::Stalled || code == Errc::Busy;
  }
};

/// Either a T or what is the trouble.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_{std::in_place_index<0>, std::move(value)} {}            // NOLINT: as base::Result
  Outcome(Trouble trouble) : state_{std::in_place_index<1>, std::move(trouble)} {}  // NOLINT: same
  explicit operator bool() const noexcept { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  /// Precondition: there is no value.
  [[nodiscard]] const Trouble& trouble() const { return std::get<1>(state_); }

 private:
  std::variant<T, Trouble> state_;
};

}  // namespace hub::recordings
