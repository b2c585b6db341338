#include "hub/base/source_uri.h"

#include "hub/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace hub::base {
namespace {

constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool letter(char c) {
  return lower(c) || (c >= 'A' && c <= 'Z');
}

/// The scheme of RFC 3986, 3.1, in lower case; empty if @p text does not begin with one, so that it is a
/// path.
std::string scheme_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !letter(text[0])) return {};
  std::string scheme{text.substr(0, colon)};
  for (char& c : scheme) {
    if (!letter(c) && !digit(c) && c != '+' && c != '-' && c != '.') return {};
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return scheme;
}

constexpr std::array<std::string_view, 9> kNetworkSchemes{"http",  "https", "rtmp", "rtmps", "rtsp",
                                                          "rtsps", "srt",   "udp",  "rtp"};

bool is_path_byte(char c) {
  return letter(c) || digit(c) || std::string_view{"-._~/!$&'()*+,=:@"}.find(c) != std::string_view::npos;
}

}  // namespace

bool is_channel_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 40 &&
         std::all_of(text.begin(), text.end(), [](char c) { return lower(c) || digit(c) || c == '-'; });
}

std::optional<std::string> source_problem(std::string_view uri) {
  if (uri.empty()) return "is empty; write the address of the stream, a file, or \"demo:\"";
  if (has_control(uri)) return "holds a control character; write it again by hand";
  if (uri.size() > 4096) return "is longer than 4096 bytes";
  const std::string scheme = scheme_of(uri);
  if (scheme.empty() || scheme == "demo") return std::nullopt;
  const auto rest = uri.substr(scheme.size() + 1);
  if (scheme == "recording") {
    constexpr std::size_t kMaxId = 60;
    const auto fine = [](char c) { return lower(c) || digit(c) || c == '-'; };
    if (!rest.empty() && rest.size() <= kMaxId && std::all_of(rest.begin(), rest.end(), fine))
      return std::nullopt;
    return "is not the id of a recording; write recording: and 1 to 60 of a-z, 0-9 and -";
  }
  if (scheme == "file") {
    if (rest.starts_with("///") && rest.size() > 3) return std::nullopt;
    return "is not a file address; write file:///folder/file or just the path";
  }
  if (std::find(kNetworkSchemes.begin(), kNetworkSchemes.end(), scheme) == kNetworkSchemes.end())
    return fmt::format(
        "begins with {}:, which is not allowed; use {}, file, demo, recording, ietf, or the path of a file",
        scheme.substr(0, 20), fmt::join(kNetworkSchemes, ", "));
  if (uri.find(' ') != std::string_view::npos) return "holds a space; write %20 for it";
  // srt://:7001 and udp://:5000 listen: only a port is needed.
  const bool may_listen = scheme == "srt" || scheme == "udp" || scheme == "rtp";
  const auto host = rest.starts_with("//") ? rest.substr(2) : std::string_view{};
  if (host.empty() || host[0] == '/' || host[0] == '?' || (host[0] == ':' && !may_listen))
    return fmt::format("has no host; write {}://host/…", scheme);
  return std::nullopt;
}

bool is_recording(std::string_view uri) {
  const auto scheme = scheme_of(uri);
  return scheme.empty() || scheme == "file" || scheme == "recording";
}

std::string source_uri(std::string_view uri, const std::filesystem::path& folder) {
  if (!scheme_of(uri).empty()) return std::string{uri};
  const std::string path = (folder / std::filesystem::path{uri}).lexically_normal().string();
  std::string result = "file://";
  for (const char c : path) {
    if (is_path_byte(c))
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace hub::base
