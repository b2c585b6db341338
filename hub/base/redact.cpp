#include "hub/base/redact.h"

#include <algorithm>

namespace hub::base {
namespace {

constexpr std::string_view kMark = "://";

bool is_scheme_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
         c == '.';
}

/// True for what ends a URI inside a sentence or a log line.
bool ends_uri(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
}

/// False for "user:secr", which is no "host:port".
bool has_port_or_none(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos) return true;
  const auto port = authority.substr(colon + 1);
  return port.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string redact_uri(std::string_view uri) {
  const auto mark = uri.find(kMark);
  if (mark == std::string_view::npos) return std::string{uri.substr(0, uri.find_first_of("?#"))};
  const auto begin = mark + kMark.size();
  const auto end = std::min(uri.find_first_of("/?#", begin), uri.size());
  auto authority = uri.substr(begin, end - begin);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  // A password with a bare '/', '?' or '#' cuts the authority short in the middle of the password.
  if (!has_port_or_none(authority)) return std::string{uri.substr(0, begin)}.append("...");
  const auto rest = uri.substr(end);
  return std::string{uri.substr(0, begin)}.append(authority).append(rest.substr(0, rest.find_first_of("?#")));
}

std::string redact_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const auto mark = text.find(kMark);
    if (mark == std::string_view::npos) return out.append(text);
    auto begin = mark;
    while (begin > 0 && is_scheme_char(text[begin - 1])) --begin;
    auto end = mark + kMark.size();
    while (end < text.size() && !ends_uri(text[end])) ++end;
    out.append(text.substr(0, begin)).append(redact_uri(text.substr(begin, end - begin)));
    text.remove_prefix(end);
  }
}

}  // namespace hub::base
