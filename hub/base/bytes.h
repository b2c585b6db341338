#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace hub::base {

using Bytes = std::vector<std::uint8_t>;
/// Bytes that never change again and that several threads may hold: a part, a segment, an audio chunk.
using Blob = std::shared_ptr<const Bytes>;

inline Blob make_blob(Bytes bytes) {
  return std::make_shared<const Bytes>(std::move(bytes));
}

}  // namespace hub::base
