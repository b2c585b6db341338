#include "hub/base/json.h"

#include <cstddef>
#include <cstdint>

namespace hub::base {
namespace {

struct Depth {
  int max;
  bool exceeded = false;
  bool operator()(int depth, Json::parse_event_t event, Json&) {
    const bool opens =
        event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (opens && depth >= max) exceeded = true;
    return !exceeded;  // discarded levels are not built, so that a bomb costs no memory
  }
};

}  // namespace

Result<Json> parse_json(std::string_view text, int max_depth) {
  if (!is_utf8(text)) return Failure{Errc::Invalid, "not UTF-8"};
  Depth depth{max_depth};
  try {
    Json parsed = Json::parse(text, std::ref(depth));
    if (depth.exceeded) return Failure{Errc::Invalid, "nested too deeply"};
    return parsed;
  } catch (const Json::exception& error) {
    return Failure{Errc::Invalid, error.what()};
  }
}

std::optional<std::string> string_at(const Json& object, const char* key) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<bool> bool_at(const Json& object, const char* key) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

bool is_utf8(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[i++]);
    if (lead < 0x80) continue;
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || text.size() - i < more) return false;
    const auto second = static_cast<std::uint8_t>(text[i]);
    const bool bad_second = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    if (bad_second) return false;
    for (std::size_t k = 0; k < more; ++k, ++i)
      if ((static_cast<std::uint8_t>(text[i]) & 0xC0) != 0x80) return false;
  }
  return true;
}

}  // namespace hub::base
