#include "hub/web/auth.h"

#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <future>
#include <set>

using namespace hub;
using namespace hub::web;
using namespace std::chrono_literals;
using test::kCheapHash;

namespace {

/// Auth on its own loop with a clock that stands still.
struct Door {
  test::FakeSecrets secrets;
  base::ManualClock clock;  // only read and moved on main
  lib::glib::LoopThread main{"main"};
  std::unique_ptr<Auth> auth;
  test::FakeRegister people;

  Door() {
    main.run_and_wait([&] {
      auth = std::make_unique<Auth>(secrets, clock, main.loop(), kCheapHash);
      auth->set_passphrase(Role::Host, "bako-lumi-tare");
      auth->set_passphrase(Role::Organizer, "sefa-nido-pola");
    });
  }
  ~Door() {
    main.run_and_wait([&] { auth.reset(); });
    main.stop();
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  std::future<Auth::Login> begin(const std::string& passphrase, const std::string& peer = "10.0.0.9",
                                 const std::string& device = "", bool local = false) {
    auto done = std::make_shared<std::promise<Auth::Login>>();
    main.post([=, this] {
      Request request;
      request.peer = peer;
      request.device_token = device;
      request.local_console = local;
      auth->login(request, passphrase, !device.empty(),
                  [done](const Auth::Login& login) { done->set_value(login); });
    });
    return done->get_future();
  }
  Auth::Login attempt(const std::string& passphrase, const std::string& peer = "10.0.0.9",
                      const std::string& device = "", bool local = false) {
    return begin(passphrase, peer, device, local).get();
  }
  bool allows(Role role, const std::string& token) {
    bool allowed = false;
    main.run_and_wait([&] {
      Request request;
      request.session_token = token;
      allowed = auth->allows(role, request, people);
    });
    return allowed;
  }
  void pass(std::chrono::nanoseconds time) {
    main.run_and_wait([&] { clock.advance(time); });
  }
};

}  // namespace

TEST_CASE("each passphrase opens its role, for twelve hours or until logout") {
  Door door;
  const auto host = door.attempt("bako-lumi-tare");
  const auto organizer = door.attempt("sefa-nido-pola");
  REQUIRE(host.role == Role::Host);
  REQUIRE(organizer.role == Role::Organizer);
  CHECK(host.token.size() == 43);
  CHECK(door.allows(Role::Host, host.token));
  CHECK(door.allows(Role::Organizer, host.token));
  CHECK(door.allows(Role::Organizer, organizer.token));
  CHECK_FALSE(door.allows(Role::Host, organizer.token));
  CHECK_FALSE(door.allows(Role::Organizer, ""));
  CHECK_FALSE(door.allows(Role::Organizer, host.token + "x"));
  door.main.run_and_wait([&] { door.auth->logout(organizer.token); });
  CHECK_FALSE(door.allows(Role::Organizer, organizer.token));
  door.pass(11h);
  CHECK(door.allows(Role::Host, host.token));
  door.pass(61min);
  CHECK_FALSE(door.allows(Role::Host, host.token));
}

TEST_CASE("a new passphrase ends the sessions of its role") {
  Door door;
  const auto host = door.attempt("bako-lumi-tare");
  door.main.run_and_wait([&] { door.auth->set_passphrase(Role::Host, "another-one"); });
  CHECK_FALSE(door.allows(Role::Host, host.token));
  CHECK_FALSE(door.attempt("bako-lumi-tare").role);
  CHECK_THROWS_AS(door.auth->set_passphrase(Role::Host, "short"), base::Error);
}

TEST_CASE("a passphrase that another program sets is taken at the next login") {
  Door door;
  const auto host = door.attempt("bako-lumi-tare");
  const auto organizer = door.attempt("sefa-nido-pola");
  const auto hash = hash_passphrase("another-one", kCheapHash.hash_operations, kCheapHash.hash_memory_bytes);
  door.main.run_and_wait([&] { door.secrets.hashes[Role::Host] = hash; });
  CHECK(door.allows(Role::Host, host.token));  // nobody has looked yet
  CHECK_FALSE(door.attempt("bako-lumi-tare").role);
  CHECK_FALSE(door.allows(Role::Host, host.token));
  CHECK(door.allows(Role::Organizer, organizer.token));
  CHECK(door.attempt("another-one").role == Role::Host);
  door.main.run_and_wait([&] {
    CHECK(door.auth->sessions()->keys.size() == 2);
    CHECK(door.auth->sessions()->keys.contains(session_key(organizer.token)));
    CHECK_FALSE(door.auth->sessions()->keys.contains(session_key(host.token)));
  });
}

TEST_CASE("a known device that guesses is refused for longer and longer") {
  Door door;
  for (int i = 0; i < 4; ++i) CHECK_FALSE(door.attempt("wrong", "10.0.0.9", "phone").retry_after);
  CHECK(door.attempt("wrong", "10.0.0.9", "phone").retry_after == 1s);
  CHECK(door.attempt("bako-lumi-tare", "10.0.0.9", "phone").retry_after == 1s);  // not even looked at
  CHECK(door.attempt("bako-lumi-tare", "10.0.0.9", "host").role == Role::Host);  // its neighbour is
  door.pass(1s);
  CHECK(door.attempt("wrong", "10.0.0.9", "phone").retry_after == 2s);
  door.pass(2s);
  CHECK(door.attempt("bako-lumi-tare", "10.0.0.9", "phone").role == Role::Host);
  CHECK_FALSE(door.attempt("wrong", "10.0.0.9", "phone").retry_after);  // forgiven
}

TEST_CASE("strangers who guess delay one another, not the host") {
  Door door;
  for (int i = 0; i < 10; ++i)
    for (int phone = 0; phone < 3; ++phone) {
      auto guess = door.begin("wrong", "10.0.0." + std::to_string(phone));
      if (guess.wait_for(50ms) != std::future_status::ready) {
        door.pass(9s);  // the longest delay: then it is looked at
        // The timer of the queue runs on real time; another attempt pumps it too.
        door.attempt("wrong", "127.0.0.1", "", true);
        guess.wait();
      }
    }
  // All from one address now, past the global limit, with a full queue:
  std::vector<std::future<Auth::Login>> flood;
  for (int i = 0; i < 40; ++i) flood.push_back(door.begin("wrong", "10.0.0.1"));
  CHECK(door.attempt("bako-lumi-tare", "10.0.0.1", "host").role == Role::Host);
  CHECK(door.attempt("bako-lumi-tare", "127.0.0.1", "", true).role == Role::Host);
  int busy = 0;
  for (auto& attempt : flood)
    if (attempt.wait_for(0s) == std::future_status::ready && attempt.get().busy) ++busy;
  CHECK(busy >= 20);
}

TEST_CASE("passphrases can be read out and are never the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto passphrase = generate_passphrase();
    CHECK(passphrase.size() == 24);
    CHECK(std::count(passphrase.begin(), passphrase.end(), '-') == 4);
    seen.insert(passphrase);
  }
  CHECK(seen.size() == 100);
}
