#pragma once
#include "hub/base/clock.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hub::channels {

/// Turns the bytes that a worker writes to stderr into log lines that are safe to show: at most 500 bytes,
/// no control characters, no secrets of URIs, and at most 20 lines a second (bursts of 60); what is left out
/// is counted. @context thread-bound
class LineLog {
 public:
  using Sink = std::function<void(const std::string& line)>;
  explicit LineLog(Sink sink) : sink_{std::move(sink)} {}
  void feed(std::string_view bytes, base::Mono now);
  /// The writer is gone: what is left is the last line.
  void finish(base::Mono now);

 private:
  void add(std::string_view piece);
  void end_line(base::Mono now);

  Sink sink_;
  std::string line_;
  double tokens_ = 0;
  base::Mono filled_{};
  std::uint64_t left_out_ = 0;
};

}  // namespace hub::channels
