#pragma once

namespace hub::test {

/// How much slower than a plain build the tests may find the product: sanitizers take their time.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kPatience = 10;
#else
inline constexpr int kPatience = 1;
#endif

}  // namespace hub::test
