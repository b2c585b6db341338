#include "hub/web/server.h"

#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/base/identity.h"
#include "hub/base/log.h"
#include "hub/channels/manager.h"
#include "hub/web/connection.h"
#include "hub/web/dispatcher.h"
#include "hub/web/feed.h"
#include "hub/web/files.h"
#include "hub/web/gate.h"
#include "hub/web/host_names.h"
#include "hub/web/stats.h"
#include "hub/web/web_thread.h"

#include <cassert>

#include <fmt/format.h>
#include <sodium.h>

namespace hub::web {
namespace {

Limits with_numbers_of(Limits limits, const Settings& settings) {
  limits.max_connections = settings.max_connections;
  limits.max_connections_per_address = settings.max_connections_per_address;
  return limits;
}

std::string random_id() {
  if (sodium_init() < 0) throw base::Error{base::Errc::Internal, "libsodium does not start"};
  return fmt::format("{:08x}{:08x}", randombytes_random(), randombytes_random());
}

}  // namespace

// Order of members: threads come last and so go first.
struct Server::Running {
  Running(const Settings& settings, const Limits& limits, Services& services, lib::glib::Loop& main,
          std::span<const Asset> assets)
      : files{assets},
        hosts{settings.names, services.clock},
        table{limits, services.stats},
        dispatcher{services, main},
        front{limits,     services.identity, services.channels,  files,      hosts,
              dispatcher, services.stats,    services.admission, random_id()},
        gate{settings.address, settings.port, table, services.stats,
             Gate::Hands{
                 std::max(settings.threads, 1U),
                 [this](std::shared_ptr<Connection> connection, lib::glib::Ref<GSocket> socket) {
                   auto& thread = *threads[connection->web_thread()];
                   thread.adopt(std::move(connection), std::move(socket));
                 },
                 [this](ConnectionTable::Victim victim) { threads[victim.web_thread]->drop(victim.id); }}} {
    for (unsigned i = 0; i < std::max(settings.threads, 1U); ++i)
      threads.push_back(std::make_unique<WebThread>(front, i + 1));
    feed = std::make_shared<Feed>(
        services, main, limits.frames,
        [this](Topic topic, std::shared_ptr<const Frames> frames) {
          for (const auto& thread : threads) thread->show(topic, frames);
        },
        [this](std::shared_ptr<const Notice> notice) {
          for (const auto& thread : threads) thread->tell(notice);
        });
  }

  Files files;
  HostNames hosts;
  ConnectionTable table;
  Dispatcher dispatcher;
  Front front;
  std::vector<std::unique_ptr<WebThread>> threads;
  Gate gate;  // filled before the threads are made, opened after
  std::shared_ptr<Feed> feed;
};

Server::Server(const Settings& settings, Services& services, lib::glib::Loop& main,
               std::span<const Asset> files, Limits limits)
    : settings_{settings},
      limits_{with_numbers_of(limits, settings)},
      services_{services},
      main_{main},
      files_{files} {}

Server::~Server() {
  stop();
}

void Server::start() {
  assert(!running_);
  running_ = std::make_unique<Running>(settings_, limits_, services_, main_, files_);
  running_->feed->begin();
  running_->gate.open();
  base::logger("web")->info("listening on {}:{}", settings_.address, port());
}

void Server::stop() {
  if (!running_) return;
  running_->gate.close();        // 1. nobody comes in
  running_->feed->end();         // 2. nothing is pushed
  running_->dispatcher.close();  // 3. nothing reaches a handler; late answers find a closed mailbox
  for (const auto& thread : running_->threads) thread->stop();  // 4. everybody goes
  running_.reset();
}

std::uint16_t Server::port() const {
  return running_ ? running_->gate.port() : std::uint16_t{0};
}

std::vector<std::string> Server::addresses() const {
  return phone_urls(settings_.address, port());
}

}  // namespace hub::web
