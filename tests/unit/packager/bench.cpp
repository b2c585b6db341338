#include "tests/unit/packager/bench.h"

#include <algorithm>

namespace hub::test {

using base::Nanos;
using packager::HlsAnswer;
using packager::HlsQuery;

stream::Track video_track() {
  return {0, stream::Codec::H264, kAvcConfig, 1280, 720, 0, 0, 1'500'000, ""};
}

stream::Track audio_track() {
  return {1, stream::Codec::Aac, kAacConfig, 0, 0, 48'000, 2, 96'000, "en"};
}

std::vector<stream::Unit> Source::units(Nanos from, Nanos length) const {
  std::vector<stream::Unit> out;
  const auto payload = [&](int kind, int number) {
    base::Bytes bytes(static_cast<std::size_t>(20 + number % 7), static_cast<std::uint8_t>(kind));
    bytes[0] = static_cast<std::uint8_t>(number);
    bytes[1] = static_cast<std::uint8_t>(number >> 8);
    return base::make_blob(bytes);
  };
  // Decoding order of a group I, then P before its B-frames; presentation is late by one frame with B-frames.
  const Nanos delay = b_frames > 0 ? frame : Nanos{0};
  if (video) {
    for (int i = 0; frame * i < length; ++i) {
      const int at = i % gop;
      int shown = at;
      if (b_frames > 0 && at > 0) {
        const int step = b_frames + 1;
        const int group = (at - 1) / step, place = (at - 1) % step;
        const int size = std::min(step, gop - 1 - group * step);
        shown = place == 0 ? group * step + size : group * step + place;
      }
      const Nanos pts = from + frame * (i - at + shown);
      out.push_back({0, at == 0, pts, from + frame * i - delay, frame, payload(1, i)});
    }
  }
  if (audio) {
    for (int i = 0; sound * i + audio_delay < length; ++i) {
      const Nanos at = from + audio_delay + sound * i;
      out.push_back({1, true, at, at, sound, payload(2, i)});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.dts < b.dts; });
  return out;
}

packager::Packager::Settings bench_settings() {
  packager::Packager::Settings settings;
  settings.channel = "room-1";
  settings.first_msn = 1000;
  settings.first_discontinuity = 7;
  settings.start_id = "k3";
  return settings;
}

PackagerBench::PackagerBench(packager::Packager::Settings settings)
    : settings_{std::move(settings)}, packager_{settings_, publication_, *this} {
  PlaylistCheck::Rules rules;
  rules.report_expected = settings_.video && settings_.audio;
  main.check = PlaylistCheck{rules};
  audio.check = PlaylistCheck{rules};
}

void PackagerBench::on_mark(std::uint64_t msn, std::uint64_t discontinuity) {
  marks.emplace_back(msn, discontinuity);
}

void PackagerBench::begin(const Source& source) {
  std::vector<stream::Track> tracks;
  if (source.video) tracks.push_back(video_track());
  if (source.audio) tracks.push_back(audio_track());
  begin(tracks);
}

void PackagerBench::begin(std::vector<stream::Track> tracks) {
  packager_.begin(tracks);
  look();
}

void PackagerBench::push(const stream::Unit& unit) {
  packager_.push(unit, start + std::chrono::floor<base::Millis>(unit.pts));
  look();
}

void PackagerBench::push(const std::vector<stream::Unit>& units) {
  for (const auto& unit : units) push(unit);
}

void PackagerBench::end() {
  packager_.end();
  look();
}

HlsAnswer PackagerBench::get(const std::string& file, HlsQuery query) const {
  return publication_->current()->get(file, query);
}

std::string PackagerBench::text(const std::string& file, HlsQuery query) const {
  const auto answer = get(file, query);
  if (answer.status != HlsAnswer::Status::Ready) return {};
  return {answer.body->begin(), answer.body->end()};
}

void PackagerBench::look() {
  const auto now = publication_->current();
  if (now == seen_) return;
  seen_ = now;
  ++publishes;
  look("main.m3u8", main);
  if (settings_.video && settings_.audio) look("audio.m3u8", audio);
}

void PackagerBench::look(const char* file, Output& output) {
  const auto text_now = text(file);
  if (text_now.empty() || (!output.texts.empty() && output.texts.back() == text_now)) return;
  output.check.reload(text_now);
  const auto delta = text(file, HlsQuery{{}, {}, true});
  output.check.delta(delta, text_now);
  if (!output.texts.empty()) output.check.delta(delta, output.texts.back());
  output.texts.push_back(text_now);
  const auto fetch = [&](const std::string& uri) -> base::Bytes {
    const auto answer = get(uri);
    if (answer.status == HlsAnswer::Status::Ready && answer.immutable) return *answer.body;
    output.violations.push_back(uri + " is listed and cannot be fetched");
    return {};
  };
  if (get(output.check.newest().hint).status != HlsAnswer::Status::Pending)
    output.violations.emplace_back("the hinted part is not pending");
  auto segments = output.check.newest().segments;
  if (output.check.newest().open) segments.push_back(*output.check.newest().open);
  for (const auto& segment : segments) {
    auto& run = output.runs[segment.discontinuity];
    if (run.tracks().empty()) run.read_init(fetch(segment.map));
    for (const auto& part : segment.parts)
      if (output.fetched.insert(part.uri).second) run.read_media(fetch(part.uri));
    if (segment.uri.empty() || !output.fetched.insert(segment.uri).second) continue;
    base::Bytes whole;
    for (const auto& part : segment.parts) {
      const auto bytes = fetch(part.uri);
      whole.insert(whole.end(), bytes.begin(), bytes.end());
    }
    if (fetch(segment.uri) != whole)
      output.violations.push_back(segment.uri + " is not the sum of its parts");
  }
}

std::vector<std::string> PackagerBench::violations() const {
  std::vector<std::string> out;
  for (const auto* output : {&main, &audio}) {
    const std::string name = output == &main ? "main: " : "audio: ";
    for (const auto& text_of : output->check.violations()) out.push_back(name + text_of);
    for (const auto& text_of : output->violations) out.push_back(name + text_of);
    for (const auto& [number, run] : output->runs)
      for (const auto& text_of : run.violations()) out.push_back(name + text_of);
  }
  return out;
}

}  // namespace hub::test
