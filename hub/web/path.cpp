#include "hub/web/path.h"

#include <algorithm>
#include <cstdint>

namespace hub::web {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> unescape(std::string_view raw, bool plus_is_space) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (raw[i] == '%') {
      if (raw.size() - i < 3) return std::nullopt;
      const int high = hex(raw[i + 1]);
      const int low = hex(raw[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += raw[i];
    }
  }
  if (!base::is_utf8(out)) return std::nullopt;
  return out;
}

bool control(char c) {
  return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::optional<std::string> decode_path(std::string_view raw) {
  if (!raw.starts_with('/')) return std::nullopt;
  const auto slashes = std::count(raw.begin(), raw.end(), '/');
  auto path = unescape(raw, false);
  if (!path || std::count(path->begin(), path->end(), '/') != slashes) return std::nullopt;
  if (std::any_of(path->begin(), path->end(), [](char c) { return control(c) || c == '\\'; }))
    return std::nullopt;
  std::string_view rest{*path};
  rest.remove_prefix(1);
  while (!rest.empty()) {
    const auto end = rest.find('/');
    const auto segment = rest.substr(0, end);
    if (segment.empty() || segment == "." || segment == "..") return std::nullopt;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return path;
}

std::map<std::string, std::string> parse_query(std::string_view raw) {
  std::map<std::string, std::string> query;
  while (!raw.empty() && query.size() < 32) {
    const auto end = raw.find('&');
    const auto pair = raw.substr(0, end);
    raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
    const auto equals = pair.find('=');
    auto key = unescape(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>{""}
                                                  : unescape(pair.substr(equals + 1), true);
    if (key && value && !key->empty()) query.emplace(std::move(*key), std::move(*value));
  }
  return query;
}

std::string cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = header.find(';');
    auto pair = header.substr(0, end);
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (!pair.starts_with(name) || pair.size() <= name.size() || pair[name.size()] != '=') continue;
    const auto value = pair.substr(name.size() + 1);
    const bool ours = value.size() <= 128 && std::all_of(value.begin(), value.end(), [](char c) {
                        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               c == '-' || c == '_';
                      });
    return ours ? std::string{value} : std::string{};
  }
  return {};
}

std::optional<std::map<std::string, std::string>> match(std::string_view pattern, std::string_view path) {
  std::map<std::string, std::string> captures;
  while (!pattern.empty() && !path.empty()) {
    const auto pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const auto path_end = std::min(path.find('/', 1), path.size());
    const auto want = pattern.substr(0, pattern_end);
    const auto have = path.substr(0, path_end);
    if (want.starts_with("/{")) {
      if (have.size() < 2) return std::nullopt;
      captures.emplace(want.substr(2, want.size() - 3), have.substr(1));
    } else if (want != have) {
      return std::nullopt;
    }
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return captures;
}

}  // namespace hub::web
