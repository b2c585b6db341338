#include "hub/web/hls.h"

#include "hub/lib/soup/body.h"
#include "hub/web/head.h"
#include "hub/web/path.h"
#include "hub/web/texts.h"

#include <charconv>
#include <utility>

namespace hub::web {
namespace {

using packager::HlsAnswer;

base::Mono now() {
  return base::Mono{std::chrono::steady_clock::now().time_since_epoch()};
}

void refuse(Exchange& exchange, base::Errc code, Text text) {
  exchange.respond(error_response(fail(code, text, exchange.head->request.language)));
}

/// Nothing if a _HLS_ parameter is there and is no number.
std::optional<packager::HlsQuery> query_of(const std::map<std::string, std::string>& query) {
  packager::HlsQuery out;
  const auto number = [&](const char* key, std::optional<std::uint64_t>& to) {
    const auto found = query.find(key);
    if (found == query.end()) return true;
    const auto& text = found->second;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    to = value;
    return error == std::errc{} && end == text.data() + text.size();
  };
  if (!number("_HLS_msn", out.msn) || !number("_HLS_part", out.part)) return std::nullopt;
  if (out.part && !out.msn) return std::nullopt;
  const auto skip = query.find("_HLS_skip");
  out.skip = skip != query.end() && (skip->second == "YES" || skip->second == "v2");
  return out;
}

}  // namespace

Hls::Hls(std::shared_ptr<Mailbox> mailbox, const Limits& limits, Stats& stats, Admission& admission)
    : mailbox_{std::move(mailbox)}, limits_{limits}, stats_{stats}, admission_{admission} {}

Hls::~Hls() = default;

std::string Hls::answer(Exchange& exchange, const channels::Directory& directory) {
  exchange.header("Access-Control-Allow-Origin", "*");  // players on other pages; read-only, no credentials
  const auto& request = exchange.head->request;
  const auto captures = match("/hls/{channel}/{file}", request.path);
  const auto channel = captures ? directory.find(captures->at("channel")) : directory.end();
  if (channel == directory.end() || !channel->second->hls) {
    refuse(exchange, base::Errc::NotFound, Text::NoSuchChannel);
    return {};
  }
  auto query = query_of(request.query);
  if (!query) {
    refuse(exchange, base::Errc::Invalid, Text::BadMediaQuery);
    return {};
  }
  const auto& file = captures->at("file");
  if (file == "master.m3u8" || file == "main.m3u8") {
    const auto viewer =
        request.device_token.empty() ? "address " + request.peer : "device " + request.device_token;
    if (!admission_.admit(channel->first, viewer, now())) {
      auto response = error_response(fail(base::Errc::Busy, Text::LanFull, request.language));
      response.body =
          base::Json{{"code", "lan_full"}, {"error", say(Text::LanFull, request.language)}}.dump();
      exchange.respond(response);
      return {};
    }
  }
  Ask ask{file, *query, file.ends_with(".m3u8")};
  const auto snapshot = channel->second->hls->current();
  const auto outcome = try_answer(exchange, ask, snapshot.get());
  if (outcome != Outcome::Answered) hold(exchange, *channel->second, std::move(ask), outcome, snapshot.get());
  return channel->first;
}

Hls::Outcome Hls::try_answer(Exchange& exchange, const Ask& ask, const packager::HlsSnapshot* snapshot) {
  // A player that gets a playlist with one part gives up soon; a part or a blocked reload is another matter.
  if (!snapshot || (ask.media_playlist && !ask.query.msn && !snapshot->playable())) {
    if (ask.media_playlist) return Outcome::WaitsForStart;
    refuse(exchange, base::Errc::NotFound, Text::NoSuchMedia);
    return Outcome::Answered;
  }
  const auto answer = snapshot->get(ask.file, ask.query);
  switch (answer.status) {
    case HlsAnswer::Status::Ready:
      // Parts and segments never change; the minute is about how long they are listed.
      exchange.header("Cache-Control", answer.immutable ? "public, max-age=60, immutable" : "no-cache");
      exchange.respond(200, answer.content_type,
                       answer.body ? lib::soup::bytes_of(answer.body) : lib::glib::Ref<GBytes>{});
      return Outcome::Answered;
    case HlsAnswer::Status::Pending:
      return Outcome::WaitsForPart;
    case HlsAnswer::Status::Missing:
      refuse(exchange, base::Errc::NotFound, Text::NoSuchMedia);
      return Outcome::Answered;
    case HlsAnswer::Status::Bad:
      refuse(exchange, base::Errc::Invalid, Text::BadMediaQuery);
      return Outcome::Answered;
  }
  return Outcome::Answered;
}

void Hls::hold(Exchange& exchange, const channels::Outputs& outputs, Ask ask, Outcome why,
               const packager::HlsSnapshot* snapshot) {
  const bool starting = why == Outcome::WaitsForStart;
  const auto limit = starting || !snapshot ? limits_.starting : snapshot->max_wait();
  const auto* key = outputs.hls.get();
  auto& channel = channels_[key];
  channel.publication = outputs.hls;
  channel.waits.push_back({exchange.weak_from_this(), std::move(ask), now() + limit, starting});
  ++stats_.blocked;
  const auto wait = std::prev(channel.waits.end());
  exchange.on_end = [this, key, wait] {
    --stats_.blocked;
    const auto found = channels_.find(key);
    found->second.waits.erase(wait);
  };
  exchange.pause();
  if (!channel.subscription) {
    channel.waker = std::make_shared<Waker>(mailbox_, [this, key] { on_publish(key); });
    channel.subscription =
        std::make_unique<Subscription<packager::HlsPublication>>(outputs.hls, channel.waker);
    channel.waker->wake();  // what was published between the look and the subscription
  }
}

void Hls::on_publish(const packager::HlsPublication* publication) {
  const auto found = channels_.find(publication);
  if (found == channels_.end()) return;
  const auto snapshot = found->second.publication->current();
  for (auto next = found->second.waits.begin(); next != found->second.waits.end();) {
    auto& wait = *next++;  // an answer takes the wait off the list
    const auto exchange = wait.exchange.lock();
    if (!exchange) continue;
    const auto outcome = try_answer(*exchange, wait.ask, snapshot.get());
    if (outcome == Outcome::WaitsForPart && wait.starting) {
      wait.starting = false;
      wait.deadline = now() + snapshot->max_wait();
    }
  }
}

void Hls::check_deadlines() {
  const auto at = now();
  for (auto channel = channels_.begin(); channel != channels_.end();) {
    for (auto next = channel->second.waits.begin(); next != channel->second.waits.end();) {
      const auto& wait = *next++;
      const auto exchange = wait.exchange.lock();
      if (at < wait.deadline || !exchange) continue;
      ++stats_.timeouts_media;
      refuse(*exchange, base::Errc::Busy, wait.starting ? Text::Starting : Text::TooSlow);
    }
    // Kept until the sweep, and not dropped with the last wait: the next blocked reload is a moment away.
    if (channel->second.waits.empty())
      channel = channels_.erase(channel);
    else
      ++channel;
  }
}

}  // namespace hub::web
