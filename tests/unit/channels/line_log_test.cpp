#include "hub/channels/line_log.h"

#include "tests/support/catch.h"

#include <vector>

using hub::channels::LineLog;
using namespace std::chrono_literals;

namespace {
struct Fixture {
  std::vector<std::string> lines;
  LineLog log{[this](const std::string& line) { lines.push_back(line); }};
  hub::base::Mono now{1h};
};
}  // namespace

TEST_CASE("lines come out whole, whatever pieces they came in") {
  Fixture f;
  f.log.feed("on", f.now);
  CHECK(f.lines.empty());
  f.log.feed("e\ntwo\n\nthr", f.now);
  f.log.finish(f.now);
  CHECK(f.lines == std::vector<std::string>{"one", "two", "thr"});
}

TEST_CASE("a log line is short, plain and without secrets") {
  Fixture f;
  f.log.feed("\x1b[31mred\rhidden http://u:secret@h/x?token=secret\n", f.now);
  REQUIRE(f.lines.size() == 1);
  CHECK(f.lines[0] == " [31mred hidden http://h/x");
  f.log.feed(std::string(100'000, 'x') + "\n", f.now);
  REQUIRE(f.lines.size() == 2);
  CHECK(f.lines[1].size() < 520);
}

TEST_CASE("a flood of lines is cut, counted, and does not silence what comes later") {
  Fixture f;
  for (int i = 0; i < 1000; ++i) f.log.feed("flood\n", f.now);
  CHECK(f.lines.size() == 60);
  f.now += 1s;
  f.log.feed("after\n", f.now);
  REQUIRE(f.lines.size() == 62);
  CHECK(f.lines[60] == "(940 lines left out)");
  CHECK(f.lines[61] == "after");
}
