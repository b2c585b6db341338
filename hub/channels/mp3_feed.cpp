#include "hub/channels/mp3_feed.h"

#include "hub/base/log.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hub::channels {
namespace {

using namespace std::chrono_literals;

constexpr auto kLinger = 10s;           // a listener who reconnects finds the encoder still there
constexpr base::Nanos kHeadStart = 3s;  // the burst of a new listener is 2 s
constexpr auto kProven = 10s;           // an encoder that ran for this long was fine

/// The rates of MPEG-1 and MPEG-2 layer III; any other is resampled to 44.1 kHz.
std::uint32_t mp3_rate(std::uint32_t rate_hz) {
  constexpr std::array<std::uint32_t, 6> kRates{16'000, 22'050, 24'000, 32'000, 44'100, 48'000};
  return std::find(kRates.begin(), kRates.end(), rate_hz) != kRates.end() ? rate_hz : 44'100;
}

bool same_stream(const stream::Track& a, const stream::Track& b) {
  return a.id == b.id && a.config == b.config && a.rate_hz == b.rate_hz && a.channels == b.channels;
}

}  // namespace

Mp3Feed::Mp3Feed(std::string channel, std::uint32_t kbps, const base::Clock& clock, WorkerFactory& workers,
                 AudioOutlet& out, std::uint32_t seed)
    : channel_{std::move(channel)},
      kbps_{kbps},
      clock_{clock},
      workers_{workers},
      out_{out},
      backoff_{30s, seed} {}

bool Mp3Feed::fits(const stream::Track& track) const {
  return profile_ && track.rate_hz == profile_->rate_hz && track.channels == profile_->channels;
}

void Mp3Feed::begin(const stream::Track* aac, const stream::Track* mp3) {
  if (!profile_ && mp3)
    profile_ = {mp3->rate_hz, mp3->channels};
  else if (!profile_ && aac)
    profile_ = {mp3_rate(aac->rate_hz), static_cast<std::uint8_t>(aac->channels == 1 ? 1 : 2)};
  passing_ = mp3 && fits(*mp3);
  if (passing_) {
    encoder_.reset();
    out_.begin(*mp3);
  }
  // An encoder decodes what it was told at its start; another configuration needs another one.
  if (!aac || !aac_ || !same_stream(*aac, *aac_)) {
    encoder_.reset();
    recent_.clear();
  }
  aac_ = aac ? std::optional{*aac} : std::nullopt;
}

void Mp3Feed::push_mp3(const stream::Unit& unit) {
  if (passing_) out_.push(unit);
}

void Mp3Feed::push_aac(const stream::Unit& unit) {
  recent_.push_back(unit);
  while (unit.pts - recent_.front().pts > kHeadStart) recent_.pop_front();
  if (encoder_) encoder_->send(unit);
}

void Mp3Feed::tick() {
  const auto now = clock_.mono();
  const bool wanted = out_.listeners() > 0;
  if (wanted) wanted_ = now;
  if (encoder_ && now - wanted_ >= kLinger) encoder_.reset();
  if (wanted && !encoder_ && !passing_ && aac_ && now >= retry_at_) start();
}

void Mp3Feed::start() {
  stream::Job job;
  job.task = stream::Job::Task::EncodeMp3;
  job.channel = channel_;
  job.mp3_rate_hz = profile_->rate_hz;
  job.mp3_channels = profile_->channels;
  job.mp3_kbps = kbps_;
  encoded_ = false;
  started_ = clock_.mono();
  auto worker = workers_.start(job, *this);
  if (!worker) {
    on_exit({WorkerExit::How::Crashed, worker.error()});
    return;
  }
  encoder_ = std::move(*worker);
  encoder_->send(stream::Tracks{{*aac_}});
  for (const auto& unit : recent_) encoder_->send(unit);
}

void Mp3Feed::stop() {
  encoder_.reset();
  recent_.clear();
  aac_.reset();
  passing_ = false;
}

void Mp3Feed::on_message(stream::Message message) {
  if (const auto* tracks = std::get_if<stream::Tracks>(&message)) {
    const auto mp3 = std::find_if(
        tracks->tracks.begin(), tracks->tracks.end(),
        [&](const stream::Track& track) { return track.codec == stream::Codec::Mp3 && fits(track); });
    encoded_ = mp3 != tracks->tracks.end();
    if (encoded_) out_.begin(*mp3);
  } else if (const auto* unit = std::get_if<stream::Unit>(&message)) {
    if (encoded_) out_.push(*unit);
  }
}

void Mp3Feed::on_exit(const WorkerExit& how) {
  encoder_.reset();
  const auto now = clock_.mono();
  if (now - started_ >= kProven) backoff_.reset();
  const auto pause = backoff_.next();
  retry_at_ = now + pause;
  base::logger("channel." + channel_)->warn("the MP3 encoder ended: {}; again {}", how.why.text, when(pause));
}

}  // namespace hub::channels
