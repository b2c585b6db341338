#pragma once
#include "hub/base/error.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace hub::config {

/// What is wrong with one file, in the order of its lines.
class Problems {
 public:
  void add(std::uint32_t line, std::string text) { by_line_.emplace(line, std::move(text)); }
  [[nodiscard]] bool empty() const noexcept { return by_line_.empty(); }
  /// "name:line: text" for each; the first 50.
  [[nodiscard]] base::Error error(const std::string& name) const;

 private:
  std::multimap<std::uint32_t, std::string> by_line_;
};

class Value;

/// One key of a section: the schema is a table of these.
template <class Target>
struct Key {
  std::string_view name;
  void (*read)(Target& to, Value& value);
  std::string_view required{};  ///< what to write, if the key must be there
};

/// One value of the file on its way to a setting. Each reader stores the value if it is of the right type and
/// allowed; otherwise it notes a problem that says what is allowed, and leaves the setting as it was.
class Value {
 public:
  /// @param path  how people name it: "channel.source.uri". The node is borrowed.
  Value(const toml::node& node, std::string path, Problems& problems)
      : node_{node}, path_{std::move(path)}, problems_{problems} {}

  void flag(bool& to);
  /// @param low, high  count of characters; control characters are never allowed.
  void text(std::string& to, std::size_t low, std::size_t high);
  /// A text for which @p fine is true. @param allowed  "a country code such as \"ML\""
  void checked(std::string& to, bool (*fine)(std::string_view), std::string_view allowed);
  /// A list of different texts, each of them fine. @param most  longest list
  void list(std::vector<std::string>& to, bool (*fine)(std::string_view), std::size_t least, std::size_t most,
            std::string_view allowed);
  /// A whole number of [low, high], into an integer or a duration of that unit.
  template <class T>
  void whole(T& to, std::int64_t low, std::int64_t high);
  /// One of a few texts or numbers.
  template <class T>
  void choice(T& to, std::initializer_list<std::pair<std::string_view, T>> words);
  void choice(std::uint32_t& to, std::initializer_list<std::uint32_t> numbers);
  /// [section]
  template <class Target, std::size_t n>
  void table(Target& to, const Key<Target> (&keys)[n]);
  /// [[section]]
  template <class Target, std::size_t n>
  void tables(std::vector<Target>& to, const Key<Target> (&keys)[n], std::size_t least, std::size_t most);

  /// A text that is the same in both languages, or a table { fr = "…", en = "…" } of one for each.
  void text_in(std::string& fr, std::string& en, std::size_t high);
  /// A list of @p least to @p most values, each read by @p read. @param allowed  in words
  void each(std::size_t least, std::size_t most, std::string_view allowed,
            const std::function<void(Value&)>& read);
  /// A time of TOML or a text, as RFC 3339 writes it; without an offset it is on the clocks of the hub.
  void time(std::string& to);

  /// The text, for a reader of its own; notes a problem and returns nothing if it is none.
  [[nodiscard]] std::optional<std::string> as_text(std::string_view allowed);
  /// "… is not allowed; use @p allowed"
  void refuse(std::string_view allowed);
  /// "path: @p text"
  void problem(std::string_view text);

 private:
  void unknown(const toml::key& key, std::span<const std::string_view> known);
  [[nodiscard]] std::uint32_t line() const { return node_.source().begin.line; }

  const toml::node& node_;
  std::string path_;
  Problems& problems_;
};

template <class T>
void Value::whole(T& to, std::int64_t low, std::int64_t high) {
  const auto* number = node_.as_integer();
  if (!number || number->get() < low || number->get() > high)
    return refuse(fmt::format("a whole number from {} to {}", low, high));
  if constexpr (std::is_integral_v<T>)
    to = static_cast<T>(number->get());
  else
    to = T{number->get()};
}

template <class T>
void Value::choice(T& to, std::initializer_list<std::pair<std::string_view, T>> words) {
  const auto* given = node_.as_string();
  std::string allowed;
  for (const auto& [word, meaning] : words) {
    if (given && given->get() == word) {
      to = meaning;
      return;
    }
    allowed += fmt::format("{}\"{}\"", allowed.empty() ? "" : ", ", word);
  }
  refuse(words.size() > 1 ? "one of " + allowed : allowed);
}

template <class Target, std::size_t n>
void Value::table(Target& to, const Key<Target> (&keys)[n]) {
  const auto* table = node_.as_table();
  if (!table) {
    if (node_.is_array_of_tables())
      return problem(fmt::format("write [{}] with single brackets, once", path_));
    return problem(fmt::format("is a section; write [{}] on a line of its own", path_));
  }
  const auto child = [&](std::string_view name) {
    return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
  };
  std::vector<std::string_view> known;
  for (const auto& key : keys) {
    known.push_back(key.name);
    if (const auto* node = table->get(key.name)) {
      Value value{*node, child(key.name), problems_};
      key.read(to, value);
    } else if (!key.required.empty()) {
      problems_.add(line(), fmt::format("{}: missing; write {}", child(key.name), key.required));
    }
  }
  for (const auto& [key, node] : *table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) unknown(key, known);
}

template <class Target, std::size_t n>
void Value::tables(std::vector<Target>& to, const Key<Target> (&keys)[n], std::size_t least,
                   std::size_t most) {
  const auto* array = node_.as_array();
  if (!array || (!array->empty() && !array->is_array_of_tables()))
    return problem(fmt::format("write [[{}]] with double brackets on a line of its own", path_));
  if (array->size() < least || array->size() > most)
    return problem(least == most
                       ? fmt::format("is there {} times; exactly {} is allowed", array->size(), most)
                       : fmt::format("is there {} times; at most {} are allowed", array->size(), most));
  for (const auto& node : *array) Value{node, path_, problems_}.table(to.emplace_back(), keys);
}

}  // namespace hub::config
