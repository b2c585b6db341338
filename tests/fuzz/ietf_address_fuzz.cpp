#include "hub/agenda/address.h"
#include "hub/agenda/settings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

/// Whatever is pasted: it is refused with words, or it is two numbers that make an address without a brace.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const agenda::SessionAddress sample{"127", "34370"};
  if (agenda::is_template(text) && agenda::expand(text, sample).find('{') != std::string::npos) std::abort();
  if (!agenda::is_session_address(text)) return 0;
  const auto parsed = agenda::parse_address(text);
  if (const auto* trouble = std::get_if<agenda::Trouble>(&parsed)) {
    if (trouble->fr.empty() || trouble->en.empty()) std::abort();
    return 0;
  }
  const auto& session = std::get<agenda::SessionAddress>(parsed);
  for (const auto& number : {session.meeting, session.session_id})
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos) std::abort();
  const auto again = agenda::parse_address("ietf:" + session.meeting + "/" + session.session_id);
  if (!std::holds_alternative<agenda::SessionAddress>(again) ||
      std::get<agenda::SessionAddress>(again) != session)
    std::abort();
  if (agenda::expand(agenda::Settings{}.audio_url, session).find('{') != std::string::npos) std::abort();
  return 0;
}
