#include "hub/media/list_parser.h"

#include "hub/base/json.h"
#include "hub/media/uri.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hub::media {
namespace {

using base::Errc;
using base::Failure;
using base::Result;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Calls @p use with each trimmed line that is not empty until it returns true.
template <class Use>
void for_each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = text.find_first_of("\n\r");
    const auto line = trimmed(text.substr(0, end));
    if (!line.empty() && use(line)) return;
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

bool is_web_page(std::string_view text) {
  const std::string start = lower(text.substr(0, 1024));
  const auto first = start.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string::npos || start[first] != '<') return false;
  constexpr std::array kMarks{"<!doctype html", "<html", "<head", "<body", "<?xml"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](const char* mark) { return start.find(mark) != std::string::npos; });
}

/// The entry of a `.pls` line `File1=…`; empty for any other line.
std::string_view pls_entry(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string key = lower(trimmed(line.substr(0, equals)));
  const bool numbered = key.size() > 4 && key.starts_with("file") &&
                        std::all_of(key.begin() + 4, key.end(), [](char c) { return c >= '0' && c <= '9'; });
  return numbered ? trimmed(line.substr(equals + 1)) : std::string_view{};
}

Result<ListEntry> resolved(std::string_view entry, const std::string& list_uri) {
  auto uri = resolve(list_uri, std::string{entry});
  if (!uri) return Failure{Errc::Invalid, "the list names something that is not an address"};
  if (!is_network_scheme(scheme_of(*uri)))
    return Failure{Errc::Invalid, "the list names an address that is not a network stream"};
  return ListEntry{std::move(*uri), false};
}

}  // namespace

Result<ListEntry> parse_list(std::string_view text, const std::string& list_uri) {
  if (text.size() > kMaxListBytes) return Failure{Errc::Invalid, "the list is larger than 64 KiB"};
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (is_web_page(text))
    return Failure{Errc::Unsupported,
                   "HTML page instead of media: open the address in a browser and look for the link to the "
                   "stream itself"};
  if (!base::is_utf8(text)) return Failure{Errc::Invalid, "the list is not text"};

  bool pls = false;
  bool hls = false;
  std::string_view entry;
  for_each_line(text, [&](std::string_view line) {
    if (lower(line) == "[playlist]") pls = true;
    // RFC 8216, 4.3.2 and 4.3.3: tags that only an HLS playlist has.
    hls = hls || line.starts_with("#EXT-X-");
    if (entry.empty() && pls) entry = pls_entry(line);
    if (entry.empty() && !pls && line.front() != '#') entry = line;
    return hls;
  });
  if (hls) return ListEntry{list_uri, true};
  if (entry.empty()) return Failure{Errc::Invalid, "the list has no entry"};
  return resolved(entry, list_uri);
}

}  // namespace hub::media
