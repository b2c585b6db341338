#include "hub/base/log.h"

#include <array>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <utility>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace hub::base {
namespace {
bool bare_text = false;

const char* pattern() {
  if (bare_text) return "%v";
  // The journal stamps each line itself.
  return std::getenv("JOURNAL_STREAM") ? "%l %n: %v" : "%Y-%m-%d %H:%M:%S.%e %l %n: %v";
}
}  // namespace

std::shared_ptr<spdlog::logger> logger(const std::string& name) {
  static std::mutex mutex;  // makes look-up and creation one step
  const std::lock_guard lock{mutex};
  if (auto known = spdlog::get(name)) return known;
  auto made = spdlog::stderr_logger_mt(name);
  made->set_pattern(pattern());
  return made;
}

void log_bare_text() {
  bare_text = true;
}

bool set_log_level(const std::string& level) {
  constexpr std::array<std::pair<std::string_view, spdlog::level::level_enum>, 5> kLevels{{
      {"trace", spdlog::level::trace},
      {"debug", spdlog::level::debug},
      {"info", spdlog::level::info},
      {"warning", spdlog::level::warn},
      {"error", spdlog::level::err},
  }};
  for (const auto& [word, value] : kLevels)
    if (word == level) {
      spdlog::set_level(value);
      return true;
    }
  return false;
}

}  // namespace hub::base
