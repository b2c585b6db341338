#pragma once
// Catch2 2.13 (Debian 12) and 3 (Debian 13, Ubuntu 24.04) behind one include.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#define HUB_SKIP(reason) SKIP(reason)
#else
#include "tests/support/skip.h"

#include <catch2/catch.hpp>
/// Ends the test case as skipped, not passed: the program exits 77 if nothing but skips happened.
#define HUB_SKIP(reason)           \
  do {                             \
    hub::test::note_skip();        \
    WARN("skipped: " << (reason)); \
    return;                        \
  } while (false)
#endif
