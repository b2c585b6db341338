#include "hub/base/error.h"

#include <array>
#include <utility>

namespace hub::base {
namespace {
constexpr std::array<std::pair<Errc, std::string_view>, 14> kWords{{
    {Errc::Invalid, "invalid"},
    {Errc::NotFound, "not_found"},
    {Errc::NotAuthorised, "not_authorised"},
    {Errc::Conflict, "conflict"},
    {Errc::TooLarge, "too_large"},
    {Errc::Busy, "busy"},
    {Errc::Unreachable, "unreachable"},
    {Errc::Refused, "refused"},
    {Errc::Unsupported, "unsupported"},
    {Errc::Ended, "ended"},
    {Errc::Stalled, "stalled"},
    {Errc::Io, "io"},
    {Errc::Config, "config"},
    {Errc::Internal, "internal"},
}};
}  // namespace

std::string_view to_string(Errc code) noexcept {
  for (const auto& [value, word] : kWords)
    if (value == code) return word;
  return "internal";
}

std::optional<Errc> errc_from(std::string_view word) noexcept {
  for (const auto& [value, text] : kWords)
    if (text == word) return value;
  return std::nullopt;
}

}  // namespace hub::base
