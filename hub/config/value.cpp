#include "hub/config/value.h"

#include "hub/base/text.h"
#include "hub/config/spelling.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace hub::config {
namespace {

constexpr std::size_t kMaxProblems = 50;  // more than that is not a config with mistakes

/// @p text in quotes, shortened, with control characters made harmless for a terminal.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMaxBytes = 60;
  std::string result = "\"";
  for (const char c : text) {
    // Cut only before the first byte of a character.
    if (result.size() > kMaxBytes && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) return result + "…\"";
    if (base::has_control({&c, 1}))
      result += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + "\"";
}

std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string()) return in_quotes(text->get());
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (node.is_array()) return "a list";
  if (node.is_table()) return "a section";
  return "a date or time";
}

}  // namespace

base::Error Problems::error(const std::string& name) const {
  std::string text;
  std::size_t count = 0;
  for (const auto& [line, problem] : by_line_) {
    if (count == kMaxProblems) {
      text += fmt::format("\n{}: and {} more", name, by_line_.size() - count);
      break;
    }
    text += fmt::format("{}{}:{}: {}", count++ > 0 ? "\n" : "", name, line, problem);
  }
  return {base::Errc::Config, text};
}

void Value::problem(std::string_view text) {
  problems_.add(line(), fmt::format("{}: {}", path_, text));
}

void Value::refuse(std::string_view allowed) {
  problem(fmt::format("{} is not allowed; use {}", shown(node_), allowed));
}

std::optional<std::string> Value::as_text(std::string_view allowed) {
  if (const auto* text = node_.as_string()) return text->get();
  refuse(allowed);
  return std::nullopt;
}

void Value::text_in(std::string& fr, std::string& en, std::size_t high) {
  const auto* table = node_.as_table();
  if (!table) {
    text(fr, 1, high);
    en = fr;
    return;
  }
  if (table->empty()) return refuse(R"({ fr = "…", en = "…" })");
  for (const auto& [key, node] : *table) {
    Value value{node, path_ + "." + std::string{key.str()}, problems_};
    if (key.str() == "fr")
      value.text(fr, 1, high);
    else if (key.str() == "en")
      value.text(en, 1, high);
    else
      value.problem("unknown language; known here: fr, en");
  }
}

void Value::each(std::size_t least, std::size_t most, std::string_view allowed,
                 const std::function<void(Value&)>& read) {
  const auto* array = node_.as_array();
  if (!array || array->size() < least || array->size() > most) return refuse(allowed);
  for (const auto& node : *array) {
    Value value{node, path_, problems_};
    read(value);
  }
}

void Value::time(std::string& to) {
  const auto* given = node_.as_date_time();
  if (!given) {
    if (auto text = as_text(R"(a time such as 2027-03-15T09:30:00 or "2027-03-15 09:30")"))
      to = std::move(*text);
    return;
  }
  const auto& [date, time, offset] = given->get();
  to = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", date.year, date.month, date.day, time.hour,
                   time.minute, time.second);
  if (!offset) return;
  const int minutes = std::abs(offset->minutes);
  to += fmt::format("{}{:02}:{:02}", offset->minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void Value::flag(bool& to) {
  if (const auto* flag = node_.as_boolean())
    to = flag->get();
  else
    refuse("true or false");
}

void Value::text(std::string& to, std::size_t low, std::size_t high) {
  const auto allowed = low == 0 ? fmt::format("a text of at most {} characters in quotes", high)
                                : fmt::format("a text of {} to {} characters in quotes", low, high);
  const auto text = as_text(allowed);
  if (!text) return;
  const std::size_t count = base::code_points(*text);
  if (count < low || count > high || base::has_control(*text)) return refuse(allowed);
  to = *text;
}

void Value::checked(std::string& to, bool (*fine)(std::string_view), std::string_view allowed) {
  const auto text = as_text(allowed);
  if (!text) return;
  if (!fine(*text)) return refuse(allowed);
  to = *text;
}

void Value::list(std::vector<std::string>& to, bool (*fine)(std::string_view), std::size_t least,
                 std::size_t most, std::string_view allowed) {
  const auto* array = node_.as_array();
  if (!array || array->size() < least || array->size() > most) return refuse(allowed);
  std::vector<std::string> texts;
  for (const auto& node : *array) {
    const auto* text = node.as_string();
    if (!text || !fine(text->get()) || std::find(texts.begin(), texts.end(), text->get()) != texts.end())
      return Value{node, path_, problems_}.refuse(allowed);
    texts.push_back(text->get());
  }
  to = std::move(texts);
}

void Value::choice(std::uint32_t& to, std::initializer_list<std::uint32_t> numbers) {
  const auto* given = node_.as_integer();
  if (given && std::find(numbers.begin(), numbers.end(), given->get()) != numbers.end())
    to = static_cast<std::uint32_t>(given->get());
  else
    refuse(fmt::format("one of {}", fmt::join(numbers, ", ")));
}

void Value::unknown(const toml::key& key, std::span<const std::string_view> known) {
  const std::string name = in_quotes(key.str());
  const std::string where = fmt::format("{}{}{}", path_, path_.empty() ? "" : ".",
                                        std::string_view{name}.substr(1, name.size() - 2));
  const auto meant = nearest(key.str(), known);
  problems_.add(key.source().begin.line,
                meant ? fmt::format("{}: unknown key; did you mean \"{}\"?", where, *meant)
                      : fmt::format("{}: unknown key; known here: {}", where, fmt::join(known, ", ")));
}

}  // namespace hub::config
