#include "hub/channels/backoff.h"

#include "tests/support/catch.h"

using hub::channels::Backoff;
using namespace std::chrono_literals;

TEST_CASE("the first failure costs no pause, later ones twice as much each, up to the limit") {
  Backoff backoff{30s, 1};
  for (int round = 0; round < 2; ++round) {
    CHECK(backoff.next() == 0ms);
    for (const auto expected : {1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms, 30000ms}) {
      const auto pause = backoff.next();
      CHECK(pause >= expected * 80 / 100);
      CHECK(pause <= expected * 120 / 100);
    }
    backoff.reset();
  }
}

TEST_CASE("pauses of two channels differ") {
  Backoff one{30s, 1};
  Backoff two{30s, 2};
  int same = 0;
  for (int i = 0; i < 20; ++i) same += one.next() == two.next() ? 1 : 0;
  CHECK(same < 10);
}

TEST_CASE("a thousand failures do not overflow") {
  Backoff backoff{30s, 3};
  for (int i = 0; i < 1000; ++i) CHECK(backoff.next() <= 36s);
}

TEST_CASE("the log says when the next attempt comes") {
  CHECK(hub::channels::when(0ms) == "at once");
  CHECK(hub::channels::when(1940ms) == "in 1.9 s");
  CHECK(hub::channels::when(30s) == "in 30.0 s");
}
