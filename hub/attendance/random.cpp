#include "hub/attendance/random.h"

#include "hub/base/error.h"

#include <vector>

#include <fmt/format.h>
#include <sys/random.h>

namespace hub::attendance {

void fill_random(std::span<std::uint8_t> bytes) {
  // Up to 256 bytes come whole and uninterrupted once the generator is seeded (random(7)).
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw base::Error{base::Errc::Io, "the kernel gives no random numbers"};
}

std::string random_hex(std::size_t bytes) {
  std::vector<std::uint8_t> raw(bytes);
  fill_random(raw);
  std::string text;
  for (const auto byte : raw) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace hub::attendance
