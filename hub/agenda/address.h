#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// Sessions of the IETF as people name and paste them. All functions are pure.
namespace hub::agenda {

/// One session of a meeting, in the numbering of Meetecho. Both are digits.
struct SessionAddress {
  std::string meeting, session_id;
  friend bool operator==(const SessionAddress&, const SessionAddress&) = default;
};

/// Why an address leads to no session, and what to write; the second half of a sentence.
struct Trouble {
  std::string_view fr, en;
};

/// True for `ietf:…` and for any page of meetings.conf.meetecho.com: what parse_address() is for. Any other
/// text is the address of a stream.
[[nodiscard]] bool is_session_address(std::string_view text) noexcept;

/// Of `ietf:127/34370` or a pasted address of Meetecho's full or onsite client. Precondition:
/// is_session_address().
[[nodiscard]] std::variant<SessionAddress, Trouble> parse_address(std::string_view text);

/// True if expand() makes an address for http or https out of @p text, another one for each session.
[[nodiscard]] bool is_template(std::string_view text) noexcept;
/// Where the sound of @p session is. Precondition: is_template(audio_url).
[[nodiscard]] std::string expand(std::string_view audio_url, const SessionAddress& session);

}  // namespace hub::agenda
