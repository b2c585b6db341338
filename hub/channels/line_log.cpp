#include "hub/channels/line_log.h"

#include "hub/base/redact.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hub::channels {
namespace {
// Room for one secret more than is shown: redacted first, cut then.
constexpr std::size_t kKeptBytes = 4096;
constexpr std::size_t kShownBytes = 500;
constexpr double kLinesPerSecond = 20;
constexpr double kBurst = 60;
}  // namespace

void LineLog::feed(std::string_view bytes, base::Mono now) {
  while (true) {
    const auto end = bytes.find('\n');
    add(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    end_line(now);
    bytes.remove_prefix(end + 1);
  }
}

void LineLog::finish(base::Mono now) {
  end_line(now);
  if (left_out_ > 0) sink_(fmt::format("({} lines left out)", std::exchange(left_out_, 0)));
}

void LineLog::add(std::string_view piece) {
  line_.append(piece.substr(0, kKeptBytes - line_.size()));
}

void LineLog::end_line(base::Mono now) {
  std::string line = base::redact_text(line_);
  line_.clear();
  if (line.size() > kShownBytes) line.replace(kShownBytes, std::string::npos, " [...]");
  // A terminal would act upon them.
  for (auto& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  if (line.find_first_not_of(' ') == std::string::npos) return;
  const std::chrono::duration<double> passed = now - filled_;
  tokens_ = std::min(kBurst, tokens_ + passed.count() * kLinesPerSecond);
  filled_ = now;
  if (tokens_ < 1) {
    ++left_out_;
    return;
  }
  tokens_ -= 1;
  if (left_out_ > 0) sink_(fmt::format("({} lines left out)", std::exchange(left_out_, 0)));
  sink_(line);
}

}  // namespace hub::channels
