#include "hub/base/child.h"

#include "tests/support/catch.h"

using namespace hub;
using namespace std::chrono_literals;

TEST_CASE("output_of runs a program without a shell and never waits for ever") {
  CHECK(*base::output_of({"/bin/echo", "a b; c"}, 10s) == "a b; c\n");
  CHECK(*base::output_of({"/bin/sh", "-c", "echo x; exit 3"}, 10s) == "x\n");
  CHECK(base::output_of({"/nonexistent"}, 10s).error().code == base::Errc::Io);
  CHECK(base::output_of({"/bin/sleep", "60"}, 50ms).error().code == base::Errc::Stalled);
  CHECK(base::output_of({"/bin/sh", "-c", "exec >&-; exec sleep 60"}, 50ms).error().code ==
        base::Errc::Stalled);
  CHECK(base::output_of({"/bin/sh", "-c", "kill -SEGV $$"}, 10s).error().code == base::Errc::Io);
  CHECK(base::output_of({"/usr/bin/yes"}, 10s, 10'000).error().code == base::Errc::TooLarge);
}
