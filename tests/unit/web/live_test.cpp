#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <set>
#include <string>

using namespace hub;
using namespace std::chrono_literals;
using test::eventually;
using test::Fixture;

namespace {

/// A WebSocket client that does what the test says and no more: it answers no ping by itself.
class Page {
 public:
  Page(Fixture& hub, const std::string& headers = "") : client_{hub.client()} {
    client_.send(client_.request({"GET", "/api/v1/live?lang=en", "",
                                  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                                      headers}));
    status_ = client_.read_answer(true).status;
  }
  [[nodiscard]] int status() const { return status_; }
  /// Reads what every page hears first.
  Page& greeted() {
    for (const char* topic : {"hub", "channels", "sessions"})
      CHECK(base::Json::parse(next().text).at("t") == topic);
    return *this;
  }

  struct Frame {
    int opcode = -1;  ///< 1 text, 8 close, 9 ping; -1 nothing came
    std::string text;
  };
  Frame next(std::chrono::milliseconds limit = 5s) {
    const auto head = client_.read(2, limit);
    if (head.size() < 2) return {};
    Frame frame{static_cast<std::uint8_t>(head[0]) & 0x0F, ""};
    std::size_t length = static_cast<std::uint8_t>(head[1]) & 0x7FU;
    if (length == 126) {
      const auto more = client_.read(2);
      length = static_cast<std::size_t>(static_cast<std::uint8_t>(more[0])) << 8U |
               static_cast<std::uint8_t>(more[1]);
    }
    frame.text = client_.read(length);
    return frame;
  }
  void send(const std::string& text, int opcode = 1) {
    std::string frame{static_cast<char>(0x80 | opcode)};
    if (text.size() < 126) {
      frame += static_cast<char>(0x80U | text.size());
    } else {
      frame += static_cast<char>(0x80U | 126U);
      frame += static_cast<char>(text.size() >> 8U);
      frame += static_cast<char>(text.size() & 0xFFU);
    }
    frame += std::string(4, '\0');  // a mask of zeros is a mask
    client_.send(frame + text);
  }
  test::Client& client() { return client_; }

 private:
  test::Client client_;
  int status_ = 0;
};

int close_code(const Page::Frame& frame) {
  if (frame.opcode != 8 || frame.text.size() < 2) return 0;
  return static_cast<std::uint8_t>(frame.text[0]) * 256 + static_cast<std::uint8_t>(frame.text[1]);
}

web::Limits quick() {
  web::Limits limits;
  limits.frames = 50ms;
  limits.sweep = 20ms;
  return limits;
}

}  // namespace

TEST_CASE("a page hears who the hub is, the channels, and each change") {
  Fixture hub{quick()};
  Page page{hub};
  REQUIRE(page.status() == 101);
  const auto first = base::Json::parse(page.next().text);
  CHECK(first["t"] == "hub");
  CHECK(first["boot"].get<std::string>().size() == 16);
  const auto second = base::Json::parse(page.next().text);
  CHECK(second["t"] == "channels");
  CHECK(second["channels"][0]["state"] == "live");
  CHECK(base::Json::parse(page.next().text)["t"] == "sessions");
  hub.on_main([&] {
    hub.manager.infos[0].state = channels::State::Connecting;
    hub.manager.infos[0].reason = base::Failure{base::Errc::Stalled, "no data for 10 s from rtmp://…"};
    for (int i = 0; i < 100; ++i) hub.manager.changed();
  });
  const auto third = base::Json::parse(page.next().text);
  CHECK(third["channels"][0]["state"] == "connecting");
  CHECK(third["channels"][0]["reason"]["code"] == "stalled");
  CHECK(third["channels"][0]["reason"]["error"] ==
        "The source sends nothing any more; the hub keeps trying.");
  CHECK(page.next(200ms).opcode == -1);  // a hundred changes were one frame
}

TEST_CASE("all hear when a session opens or closes, hosts and organizers what to ask for again") {
  Fixture hub{quick(), Fixture::local(), {false, 1, 8192}};
  hub.on_main([&] {
    hub.auth->set_passphrase(web::Role::Host, "bako-lumi-tare");
    hub.auth->set_passphrase(web::Role::Organizer, "sefa-nido-pola");
  });
  const auto host_cookie = "Cookie: " + hub.login("bako-lumi-tare") + "\r\n";
  const auto organizer_cookie = "Cookie: " + hub.login("sefa-nido-pola") + "\r\n";
  Page stranger{hub};
  Page forger{hub, "Cookie: vh_session=guessed\r\n"};
  Page host{hub, host_cookie};
  Page organizer{hub, organizer_cookie};
  for (auto* page : {&stranger, &forger, &host, &organizer}) page->greeted();

  hub.on_main([&] {
    for (int i = 0; i < 100; ++i) hub.people.changed(attendance::Register::Changed::Desk);
    hub.notices.mark(web::Change::Reports);
  });
  const auto hears = [](Page& page) {
    std::set<std::string> words;
    for (int i = 0; i < 2; ++i) {  // what came first may have gone alone
      const auto frame = page.next(300ms);
      if (frame.opcode != 1) break;
      const auto json = base::Json::parse(frame.text);
      for (const auto& word : json.at("what")) words.insert(word.get<std::string>());
    }
    return words;
  };
  CHECK(hears(host) == std::set<std::string>{"desk", "reports"});
  CHECK(hears(organizer) == std::set<std::string>{"desk", "reports"});
  CHECK(stranger.next(100ms).opcode == -1);
  CHECK(forger.next(1ms).opcode == -1);

  hub.on_main([&] {
    hub.people.day_title = "16 janvier";
    hub.people.changed(attendance::Register::Changed::Sessions);
  });
  for (auto* page : {&stranger, &forger, &host, &organizer}) {
    const auto frame = base::Json::parse(page->next().text);
    CHECK(frame.at("t") == "sessions");
    CHECK(frame.at("session").at("title") == "16 janvier");
    CHECK(frame.at("sessions").size() == 1);
  }
  CHECK(hears(host) == std::set<std::string>{"sessions"});
  CHECK(hears(organizer) == std::set<std::string>{"sessions"});

  CHECK(hub.ask({"POST", "/api/v1/logout", "{}", host_cookie}).status == 200);
  hub.on_main([&] { hub.notices.mark(web::Change::Machine); });
  CHECK(hears(organizer) == std::set<std::string>{"machine"});
  CHECK(host.next(1ms).opcode == -1);
  hub.on_main([&] {
    hub.auth->set_passphrase(web::Role::Organizer, "another-one");
    hub.notices.mark(web::Change::Recordings);
  });
  CHECK(organizer.next(300ms).opcode == -1);
}

TEST_CASE("the page of the machine itself is told unless the config says otherwise") {
  for (const bool trusted : {true, false}) {
    Fixture hub{quick(), Fixture::local(), {trusted, 1, 8192}};
    Page page{hub};
    Page proxied{hub, "X-Forwarded-For: 10.0.0.9\r\n"};
    page.greeted();
    proxied.greeted();
    hub.on_main([&] { hub.notices.mark(web::Change::Machine); });
    CHECK((page.next(300ms).opcode == 1) == trusted);
    CHECK(proxied.next(1ms).opcode == -1);
  }
}

TEST_CASE("here is presence, and closing the page ends the viewing") {
  Fixture hub{quick()};
  Page page{hub, "Cookie: vh_device=phone\r\n"};
  page.send(R"({"t":"here","channel":"room-1","mode":"audio","visible":true})");
  const auto viewers = [&] {
    int count = 0;
    hub.on_main([&] { count = hub.audience->viewers("room-1"); });
    return count;
  };
  CHECK(eventually([&] { return viewers() == 1; }));
  hub.on_main([&] {
    REQUIRE(hub.people.proofs.size() == 1);
    CHECK(hub.people.proofs[0].device == "phone");
    CHECK(hub.people.proofs[0].mode == attendance::Proof::Mode::Audio);
  });
  page.send(R"({"t":"here","channel":null,"mode":null,"visible":false})");
  CHECK(eventually([&] { return viewers() == 0; }));
  Page other{hub};
  other.send(R"({"t":"here","channel":"room-1","mode":"video","visible":true})");
  CHECK(eventually([&] { return viewers() == 1; }));
  other.client().close();
  CHECK(eventually([&] { return viewers() == 0; }));
  CHECK(eventually([&] { return hub.stats->websockets == 1; }));
}

TEST_CASE("what a page may not send closes its socket") {
  Fixture hub{quick()};
  struct Case {
    std::string text;
    int opcode, code;
  };
  const std::vector<Case> cases{{std::string(4097, ' '), 1, 1009},
                                {"nonsense", 1, 1007},
                                {"[]", 1, 1007},
                                {"{}", 1, 1007},
                                {"\x01\x02", 2, 1003}};
  for (const auto& [text, opcode, code] : cases) {
    CAPTURE(text.substr(0, 10));
    Page page{hub};
    page.greeted();
    page.send(text, opcode);
    CHECK(close_code(page.next()) == code);
  }
  Page larger{hub};
  larger.send(std::string(65'000, 'x'));
  CHECK(larger.client().closed_within(5s));
  Page chatty{hub};
  for (int i = 0; i < 5000; ++i) chatty.send(R"({"t":"here","channel":null})");
  CHECK(chatty.client().closed_within(10s));
  Page unknown{hub};
  unknown.greeted();
  unknown.send(R"({"t":"from the future"})");
  CHECK(unknown.next(100ms).opcode == -1);
}

TEST_CASE("a page without pongs is dropped, one with them stays") {
  auto limits = quick();
  limits.ping = 1s;
  limits.pong = 1500ms;  // a busy machine answers late, too
  Fixture hub{limits};
  Page mute{hub};
  Page alive{hub};
  REQUIRE(eventually([&] { return hub.stats->websockets == 2; }));
  const auto begin = std::chrono::steady_clock::now();
  bool dropped = false;
  while (!dropped && std::chrono::steady_clock::now() - begin < 10s) {
    if (const auto frame = alive.next(100ms); frame.opcode == 9) alive.send(frame.text, 10);
    dropped = hub.stats->websockets == 1;
  }
  CHECK(dropped);
  CHECK(std::chrono::steady_clock::now() - begin > 2400ms);
  CHECK(mute.client().closed_within(1s));
  CHECK(hub.stats->websockets == 1);
}

TEST_CASE("sockets of other origins, names and shapes are refused") {
  Fixture hub{quick()};
  CHECK(Page{hub, "Origin: http://attacker.example\r\n"}.status() == 403);
  CHECK(Page{hub, "Origin: http://127.0.0.1:" + std::to_string(hub.port()) + "\r\n"}.status() == 101);
  CHECK(hub.ask({"GET", "/api/v1/live"}).status == 400);
  auto limits = quick();
  limits.max_websockets = 1;
  Fixture small{limits};
  Page first{small};
  REQUIRE(first.status() == 101);
  REQUIRE(eventually([&] { return small.stats->websockets == 1; }));
  CHECK(Page{small}.status() == 503);
}

TEST_CASE("pages are told that the hub goes") {
  Fixture hub{quick()};
  Page page{hub};
  page.greeted();
  hub.stop();
  CHECK(close_code(page.next()) == 1001);
  CHECK(page.client().closed_within(5s));
}
