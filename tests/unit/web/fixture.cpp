#include "tests/unit/web/fixture.h"

#include <array>

namespace hub::test {
namespace {

// "<!doctype html><title>hub</title>", gzip.
constexpr std::array<std::uint8_t, 48> kPage{
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xb3, 0x51, 0x4c, 0xc9, 0x4f, 0x2e,
    0xa9, 0x2c, 0x48, 0x55, 0xc8, 0x28, 0xc9, 0xcd, 0xb1, 0xb3, 0x29, 0xc9, 0x2c, 0xc9, 0x49, 0xb5,
    0xcb, 0x28, 0x4d, 0xb2, 0xd1, 0x87, 0x30, 0x01, 0x4c, 0x24, 0x67, 0x70, 0x21, 0x00, 0x00, 0x00};
constexpr std::array kAssets{
    web::Asset{"/", "text/html; charset=utf-8", "\"abc\"", kPage, false},
    web::Asset{"/console", "text/html; charset=utf-8", "\"ghi\"", kPage, false},
    web::Asset{"/app.1234.js", "text/javascript; charset=utf-8", "\"def\"", kPage, true},
};

}  // namespace

FakeManager::FakeManager() {
  channels::Info info;
  info.id = "room-1";
  info.title = "DNSOP";
  info.state = channels::State::Live;
  info.kind = "video";
  info.has_audio = true;
  infos.push_back(info);
  room = std::make_shared<channels::Outputs>();
  room->id = "room-1";
  room->title = "DNSOP";
  room->hls = std::make_shared<packager::HlsPublication>();
  room->mp3 = std::make_shared<packager::AudioPublication>();
  room->aac = std::make_shared<packager::AudioPublication>();
  directory_ = std::make_shared<const channels::Directory>(channels::Directory{{"room-1", room}});
}

base::Status FakeManager::set(std::string_view id, channels::State state) {
  for (auto& info : infos)
    if (info.id == id) {
      info.state = state;
      changed();
      return base::ok();
    }
  return base::Failure{base::Errc::NotFound, "no such channel"};
}

base::Result<channels::Info> FakeManager::add(channels::ChannelSettings channel) {
  channels::Info info;
  info.id = channel.id.empty() ? "added" : channel.id;
  for (const auto& known : infos)
    if (known.id == info.id) return base::Failure{base::Errc::Conflict, "taken"};
  info.title = channel.title;
  info.mode = channel.mode;
  info.added = true;
  info.source = channel.sources.front().uri;
  if (channel.mode == channels::Mode::Replay)
    info.replay = channels::ReplayInfo{{}, {}, false, channel.starts_at};
  infos.push_back(info);
  changed();
  return info;
}

base::Status FakeManager::remove(std::string_view id) {
  for (const auto& info : infos)
    if (info.id == id) {
      if (!info.added) return base::Failure{base::Errc::Conflict, "of the config"};
      std::erase_if(infos, [&](const auto& known) { return known.id == id; });
      return base::ok();
    }
  return base::Failure{base::Errc::NotFound, "no such channel"};
}

base::Result<channels::Cue> FakeManager::seek(std::string_view, const channels::Seek& wish) {
  sought = wish;
  return cue;
}

base::Status FakeManager::test(const std::string& uri,
                               std::function<void(const channels::ProbeReport&)> then) {
  tested = uri;
  then(probed);
  return base::ok();
}

Fixture::Fixture(web::Limits limits, web::Settings web_settings, web::Auth::Settings auth_settings)
    : admission{web_settings.lan_max_kbps}, settings{std::move(web_settings)} {
  on_main([&] {
    auth = std::make_unique<web::Auth>(secrets, clock, main.loop(), auth_settings);
    audience = std::make_unique<web::Audience>(clock, people);
    stats = std::make_unique<web::Stats>(clock);
    press = std::make_unique<web::Press>(main.loop(), settings, wifi);
    services = std::make_unique<web::Services>(web::Services{identity, privacy, clock, manager, people, *auth,
                                                             reports, *audience, *stats, shelf, notices,
                                                             admission, *press, machine, ietf});
    server = std::make_unique<web::Server>(settings, *services, main.loop(), kAssets, limits);
    server->start();
    port_ = server->port();
  });
}

Fixture::~Fixture() {
  on_main([&] {
    server.reset();
    press.reset();
    auth.reset();
    audience.reset();
  });
  main.stop();
}

void Fixture::stop() {
  on_main([&] { server->stop(); });
}

std::string Fixture::login(const std::string& passphrase) {
  const auto answer = ask({"POST", "/api/v1/login", R"({"passphrase":")" + passphrase + R"("})"});
  return answer.cookie.substr(0, answer.cookie.find(';'));
}

}  // namespace hub::test
