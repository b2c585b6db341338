#include "hub/lib/glib/loop.h"

#include "tests/support/catch.h"

#include <atomic>
#include <thread>
#include <vector>

using namespace hub::lib::glib;
using namespace std::chrono_literals;

TEST_CASE("posted functions run in order, in the loop's thread, never inline") {
  LoopThread thread{"test"};
  std::vector<int> seen;  // only touched by the loop until stop()
  std::atomic<bool> inside{true};
  thread.run_and_wait([] {});
  for (int i = 0; i < 1000; ++i)
    thread.post([&, i] {
      inside = inside && thread.loop().inside();
      seen.push_back(i);
    });
  thread.stop();
  REQUIRE(seen.size() == 1000);
  for (int i = 0; i < 1000; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i);
  CHECK(inside);
  CHECK_FALSE(thread.loop().inside());
}

TEST_CASE("a function posted from the loop runs later, not inside the one that posts") {
  LoopThread thread{"test"};
  std::vector<int> seen;
  thread.run_and_wait([&] {
    thread.post([&] { seen.push_back(2); });
    seen.push_back(1);
  });
  thread.stop();
  CHECK(seen == std::vector{1, 2});
}

TEST_CASE("many threads post, nothing is lost") {
  LoopThread thread{"test"};
  int count = 0;
  std::vector<std::thread> posters;
  for (int p = 0; p < 4; ++p)
    posters.emplace_back([&] {
      for (int i = 0; i < 2500; ++i) thread.post([&] { ++count; });
    });
  for (auto& poster : posters) poster.join();
  thread.stop();
  CHECK(count == 10'000);
}

TEST_CASE("a guard that dies takes its timer with it") {
  LoopThread thread{"test"};
  std::atomic<int> kept = 0;
  std::atomic<int> dropped = 0;
  SourceGuard guard;
  thread.run_and_wait([&] {
    guard = thread.loop().every(1ms, [&] { ++kept; });
    const auto gone = thread.loop().every(1ms, [&] { ++dropped; });
  });
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (kept < 3 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  thread.run_and_wait([&] { guard.reset(); });
  CHECK(kept >= 3);
  CHECK(dropped == 0);
}

TEST_CASE("a task over its budget is told of, and no other") {
  Loop loop;
  std::vector<std::chrono::milliseconds> told;
  loop.on_overrun(5ms, [&](std::chrono::milliseconds took) { told.push_back(took); });
  loop.post([] {});
  loop.post([] { std::this_thread::sleep_for(20ms); });  // the overrun itself
  loop.quit();
  loop.run();
  REQUIRE(told.size() == 1);
  CHECK(told.front() >= 15ms);
}
