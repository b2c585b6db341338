#include "hub/stream/framing.h"

#include <cstdlib>
#include <span>

// First byte: how the rest is cut into pieces. A worker's bytes must come out as messages or as one failure,
// however they arrive; what came out must survive the way back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0];
  const std::span<const std::uint8_t> wire{data + 1, size - 1};
  stream::Deframer deframer;
  bool failed = false;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    deframer.feed(wire.subspan(at, std::min(step, wire.size() - at)));
    for (;;) {
      const auto message = deframer.next();
      if (failed && message.has_value()) std::abort();
      failed = !message.has_value();
      if (failed || !*message) break;
      base::Bytes again;
      stream::append_frame(again, **message);
      stream::Deframer second;
      second.feed(again);
      const auto back = second.next();
      if (!back.has_value() || !*back || (*back)->index() != (*message)->index()) std::abort();
    }
  }
  return 0;
}
