#include "hub/media/relay.h"

#include "hub/media/list_parser.h"
#include "hub/media/title.h"
#include "hub/media/uri.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace hub::media {
namespace {

using base::Errc;
using base::Failure;
using base::Mono;
using base::Nanos;
using namespace std::chrono_literals;

/// How many lists may lead to each other before one of them must be a stream.
constexpr int kMaxLists = 3;
/// Held at most, whatever the times say: a file whose sound lies far behind its picture.
constexpr std::size_t kMaxHeldBytes = 48U << 20U;
/// Units due within this are released together: a third fewer wake-ups, and no player notices.
constexpr Nanos kSlack = 12ms;

Mono now() {
  return Mono{std::chrono::steady_clock::now().time_since_epoch()};
}

bool behind_proxy() {
  return std::getenv("http_proxy") != nullptr;
}

}  // namespace

Relay::Relay(lib::glib::Loop& loop, stream::Job job, Peer& peer)
    : loop_{loop}, job_{std::move(job)}, peer_{peer}, last_sample_{now()} {
  flow_timer_ = loop_.every(250ms, [this] { check_flow(); });
  health_timer_ = loop_.every(1s, [this] { report_health(); });
  open(job_.uri, 0);
}

Relay::~Relay() = default;

// ---- from an address to a stream ----------------------------------------------------------------------

void Relay::open(std::string uri, int depth) {
  const SourceKind* kind = find_kind(uri);
  if (!kind)
    return finish({Errc::Unsupported,
                   fmt::format("'{}' is not an address that this hub can pull from", redacted(uri))});
  open_kind(*kind, std::move(uri), depth);
}

void Relay::open_kind(const SourceKind& kind, std::string uri, int depth) {
  uri_ = std::move(uri);
  depth_ = depth;
  if (!kind.create) return open_list(uri_, depth);
  try {
    SourceParts parts = kind.create({uri_, job_.kind, job_.buffer, job_.timeout, job_.start});
    pacer_ = Pacer{parts.hold};
    read_ahead_ = parts.read_ahead;
    Ingest::Listener& listener = *this;
    ingest_ = std::make_unique<Ingest>(loop_, std::move(parts), job_.kind, listener);
    ingest_->play();
  } catch (const base::Error& error) {
    finish(error.failure());
  }
}

void Relay::open_list(const std::string& uri, int depth) {
  if (depth >= kMaxLists)
    return finish({Errc::Unsupported,
                   "the list leads to another list again and again; give the address of the "
                   "stream itself"});
  if (scheme_of(uri) == "file") {
    std::ifstream file{uri.starts_with('/') ? uri : uri.substr(sizeof "file://" - 1), std::ios::binary};
    if (!file) return finish({Errc::NotFound, fmt::format("there is no file {}", uri)});
    std::string text(kMaxListBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return on_list({std::move(text)}, uri, depth);
  }
  fetch_ = std::make_unique<Fetch>(
      loop_, SourceRequest{uri, job_.kind, job_.buffer, job_.timeout, {}}, kMaxListBytes,
      [this, uri, depth](const base::Result<std::string>& text) { on_list(text, uri, depth); });
}

void Relay::on_list(const base::Result<std::string>& text, const std::string& uri, int depth) {
  if (!text) {
    if (text.error().code != Errc::Io) return finish(text.error());
    diagnosis_ = std::make_unique<Diagnosis>(
        uri, [this, why = text.error()](std::optional<Failure> found) { finish(found.value_or(why)); });
    return;
  }
  auto entry = parse_list(*text, uri);
  if (!entry) return finish({entry.error().code, fmt::format("{}: {}", redacted(uri), entry.error().text)});
  last_sample_ = now();
  if (entry->hls) return open_kind(kind_named("hls"), entry->uri, depth + 1);
  open(entry->uri, depth + 1);
}

void Relay::on_other_type(std::string media_type) {
  if (std::exchange(replacing_, true)) return;
  // Not within the call: the pipeline that calls is the one that goes.
  next_step_ = loop_.after(0ms, [this, media_type = std::move(media_type)] {
    ingest_.reset();
    replacing_ = false;
    if (media_type == "application/x-hls") return open_kind(kind_named("hls"), uri_, depth_ + 1);
    if (media_type == "application/dash+xml") return open_kind(kind_named("dash"), uri_, depth_ + 1);
    open_kind(kind_named("list"), uri_, depth_);  // which also knows a web page when it sees one
  });
}

// ---- from samples to units ----------------------------------------------------------------------------

void Relay::on_tracks(const std::vector<stream::Track>& tracks) {
  for (const auto& track : tracks) {
    tracks_.at(track.id).announced = true;
    tracks_[track.id].last = now();
    timeline_.set_track(track.id, stream::kind_of(track.codec), frame_length(track));
  }
  if (std::exchange(announced_, true)) {
    changed_tracks_ = std::make_shared<const std::vector<stream::Track>>(tracks);
    return;
  }
  peer_.send(stream::Tracks{tracks});
}

void Relay::on_sample(Sample sample) {
  last_sample_ = now();
  ++samples_;
  tracks_.at(sample.track).last = last_sample_;
  sample.tracks = std::exchange(changed_tracks_, nullptr);
  if (auto placed = timeline_.push(std::move(sample), last_sample_); !placed) return drain(placed.error());
  take_units();
  schedule_release();
}

void Relay::take_units() {
  auto units = timeline_.take();
  if (position_ && !units.empty()) {
    position_->media = std::max(position_->media + timeline_.origin().value_or(Nanos{0}), Nanos{0});
    peer_.send(*std::exchange(position_, std::nullopt));
  }
  for (auto& unit : units) pacer_.push(std::move(unit), now());
}

void Relay::on_place(Nanos offset, Nanos length) {
  position_ = stream::Position{offset, length};
}

void Relay::on_track_end(std::uint8_t track) {
  tracks_.at(track).ended = true;
}

bool Relay::wants(std::uint8_t track) {
  if (ending_ || pacer_.bytes() > kMaxHeldBytes) return false;
  const Mono time = now();
  // Filled to the brim, then left alone until half is gone: the streaming threads wake twice a second, not
  // with every unit.
  const Nanos ahead = pacer_.ahead(track, time);
  bool& full = tracks_.at(track).full;
  full = ahead >= (full ? read_ahead_ / 2 : read_ahead_);
  if (!full) return true;
  // A track that has nothing must not wait for one that has too much: both come from one demuxer.
  for (std::uint8_t other = 0; other < tracks_.size(); ++other)
    if (tracks_[other].announced && !tracks_[other].ended && pacer_.ahead(other, time) == Nanos{0})
      return true;
  return false;
}

void Relay::schedule_release() {
  const auto next = pacer_.next();
  if (!next) {
    release_timer_.reset();
    if (ending_) finish(*ending_);
    return;
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - now());
  release_timer_ = loop_.after(std::max(wait, 0ms), [this] { release(); });
}

void Relay::release() {
  for (auto& timed : pacer_.due(now() + kSlack)) {
    if (timed.tracks) peer_.send(stream::Tracks{*timed.tracks});
    peer_.send(std::move(timed.unit));
  }
  if (ingest_ && !ending_) ingest_->pull();
  schedule_release();
}

void Relay::on_title(std::string title) {
  title = clean_title(title);
  if (title == title_) return;
  title_ = title;
  peer_.send(stream::Title{std::move(title)});
}

// ---- the flow, and its end ----------------------------------------------------------------------------

void Relay::check_flow() {
  if (ending_ || fetch_ || !pacer_.empty() || now() - last_sample_ < job_.timeout) {
    if (ending_ || pacer_.empty()) return;
    for (std::uint8_t track = 0; track < tracks_.size(); ++track) {
      const auto& state = tracks_[track];
      const bool silent = state.announced && !state.ended && now() - state.last > job_.timeout &&
                          pacer_.ahead(track, now()) == Nanos{0};
      if (silent)
        return drain(
            {Errc::Stalled, fmt::format("the {} of {} has stopped",
                                        track == kVideoTrack ? "picture" : "sound", redacted(uri_))});
    }
    return;
  }
  const double limit_s = std::chrono::duration<double>(job_.timeout).count();
  if (ingest_ && ingest_->bytes_in() == 0 && samples_ == 0)
    return finish({Errc::Unreachable, fmt::format("{} did not answer within {:.0f} s: check the address, or "
                                                  "wait until the stream has begun",
                                                  redacted(uri_), limit_s)});
  // A demuxer that finds no index reads to the end of the file and says nothing.
  if (samples_ == 0 && scheme_of(uri_) == "file")
    return finish(
        {Errc::Unsupported, fmt::format("nothing in {} can be played: the file is cut off or damaged; "
                                        "copy it anew",
                                        redacted(uri_))});
  finish({Errc::Stalled, fmt::format("{} is connected, but no picture or sound came for {:.0f} s",
                                     redacted(uri_), limit_s)});
}

void Relay::report_health() {
  if (!ingest_) return;
  peer_.send(stream::Health{pacer_.buffered(now()), ingest_->bytes_in(), ingest_->transcoding_video(),
                            ingest_->transcoding_audio()});
}

void Relay::on_end() {
  drain({Errc::Ended, samples_ == 0 ? fmt::format("{} ended before it brought anything", redacted(uri_))
                                    : fmt::format("{} has ended", redacted(uri_))});
}

void Relay::on_failure(PipelineError error) {
  if (replacing_ || ending_) return;
  const bool delivering = samples_ > 0;
  Failure failure = classify(error, uri_, delivering);
  if (delivering) return drain(std::move(failure));
  // Without a byte, whatever an element complains about is a consequence.
  const bool silent = !error.http_status && ingest_->bytes_in() == 0;
  if ((!is_vague(error) && !silent) || behind_proxy()) return finish(std::move(failure));
  if (diagnosis_) return;
  diagnosis_ =
      std::make_unique<Diagnosis>(uri_, [this, failure = std::move(failure)](std::optional<Failure> found) {
        finish(found.value_or(failure));
      });
}

void Relay::on_unsupported(Failure failure) {
  if (!replacing_) finish(std::move(failure));
}

void Relay::drain(Failure why) {
  if (ending_) return;
  ending_ = std::move(why);
  timeline_.finish();
  take_units();
  schedule_release();
}

void Relay::finish(Failure why) {
  if (!ending_) ending_ = why;
  peer_.finish(std::move(why));
}

}  // namespace hub::media
