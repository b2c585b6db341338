#include "hub/agenda/address.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace hub::agenda {
namespace {

constexpr std::string_view kScheme = "ietf:";
constexpr std::string_view kHost = "meetings.conf.meetecho.com";
constexpr std::string_view kMeeting = "{meeting}";
constexpr std::string_view kSession = "{session_id}";

constexpr Trouble kNotShort{
    "s'écrit ietf:, le numéro de la réunion, une barre et le numéro de la session : ietf:127/34370",
    "is not a session; write ietf:, the meeting, a slash and the session: ietf:127/34370"};
constexpr Trouble kNoSession{
    "n'est pas celle d'une session : copiez l'adresse de Meetecho qui finit par ?session= et un numéro",
    "is not that of a session; copy the address of Meetecho that ends in ?session= and a number"};
constexpr Trouble kOld{
    "est d'une ancienne réunion (?group=…) et ne dit pas le numéro de la session : prenez l'enregistrement "
    "de la session",
    "is of an older meeting (?group=…) and does not say the number of the session; use the recording of the "
    "session"};

bool starts_with_any_case(std::string_view text, std::string_view start) noexcept {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char want, char have) {
           return want == static_cast<char>(std::tolower(static_cast<unsigned char>(have)));
         });
}

/// A number without leading zeros.
bool is_number(std::string_view text, std::size_t most_digits) noexcept {
  return !text.empty() && text.size() <= most_digits && text[0] != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool is_meeting(std::string_view text) noexcept {
  return is_number(text, 4);
}
bool is_session(std::string_view text) noexcept {
  return is_number(text, 10);
}

/// What follows the host of a page of Meetecho; nothing if it is none.
std::optional<std::string_view> page_of(std::string_view text) noexcept {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!starts_with_any_case(text, scheme)) continue;
    text.remove_prefix(scheme.size());
    if (!starts_with_any_case(text, kHost)) return std::nullopt;
    text.remove_prefix(kHost.size());
    if (!text.empty() && text[0] != '/' && text[0] != '?' && text[0] != '#') return std::nullopt;
    return text;
  }
  return std::nullopt;
}

/// The first value of @p key in a query.
std::optional<std::string_view> value_of(std::string_view query, std::string_view key) noexcept {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.substr(0, pair.find('=')) != key) continue;
    return pair.size() > key.size() ? pair.substr(key.size() + 1) : std::string_view{};
  }
  return std::nullopt;
}

std::variant<SessionAddress, Trouble> parse_page(std::string_view page) {
  page = page.substr(0, page.find('#'));
  const auto mark = page.find('?');
  auto path = page.substr(0, mark);
  const auto query = mark == std::string_view::npos ? std::string_view{} : page.substr(mark + 1);
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::string_view meeting;
  for (const std::string_view client : {"ietf", "onsite"})
    if (path.starts_with(client)) meeting = path.substr(client.size());
  if (!is_meeting(meeting)) return kNoSession;
  const auto session = value_of(query, "session");
  if (!session && value_of(query, "group")) return kOld;
  if (!session || !is_session(*session)) return kNoSession;
  return SessionAddress{std::string{meeting}, std::string{*session}};
}

}  // namespace

bool is_session_address(std::string_view text) noexcept {
  return starts_with_any_case(text, kScheme) || page_of(text);
}

std::variant<SessionAddress, Trouble> parse_address(std::string_view text) {
  if (const auto page = page_of(text)) return parse_page(*page);
  text.remove_prefix(std::min(kScheme.size(), text.size()));
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return kNotShort;
  const auto meeting = text.substr(0, slash);
  const auto session = text.substr(slash + 1);
  if (!is_meeting(meeting) || !is_session(session)) return kNotShort;
  return SessionAddress{std::string{meeting}, std::string{session}};
}

bool is_template(std::string_view text) noexcept {
  if (text.size() > 1024) return false;
  const auto after = text.find("://");
  if (!text.starts_with("http://") && !text.starts_with("https://")) return false;
  const auto rest = text.substr(after + 3);
  if (rest.empty() || rest[0] == '/' || rest[0] == '?' || rest[0] == ':' || rest[0] == '{') return false;
  bool session = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= ' ' || c >= 0x7F || c == '}') return false;
    if (c != '{') continue;
    const auto here = text.substr(i);
    const auto name = here.starts_with(kMeeting) ? kMeeting : kSession;
    if (!here.starts_with(name)) return false;
    session = session || name == kSession;
    i += name.size() - 1;
  }
  return session;
}

std::string expand(std::string_view audio_url, const SessionAddress& session) {
  std::string result{audio_url};
  for (const auto& [name, value] :
       {std::pair{kMeeting, &session.meeting}, std::pair{kSession, &session.session_id}})
    for (auto at = result.find(name); at != std::string::npos; at = result.find(name, at + value->size()))
      result.replace(at, name.size(), *value);
  return result;
}

}  // namespace hub::agenda
