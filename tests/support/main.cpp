#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
int main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
#else
#define CATCH_CONFIG_RUNNER
#include "tests/support/skip.h"

#include <catch2/catch.hpp>

namespace {
int skipped = 0;
int finished = 0;

struct Counter : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testCaseEnded(const Catch::TestCaseStats&) override { ++finished; }
};
CATCH_REGISTER_LISTENER(Counter)
}  // namespace

void hub::test::note_skip() noexcept {
  ++skipped;
}

int main(int argc, char** argv) {
  const int failed = Catch::Session().run(argc, argv);
  // ctest shows 77 as "Skipped" (SKIP_RETURN_CODE).
  if (failed == 0 && finished > 0 && skipped == finished) return 77;
  return failed;
}
#endif
