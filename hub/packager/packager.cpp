#include "hub/packager/packager.h"

#include "hub/base/log.h"
#include "hub/packager/codec_config.h"
#include "hub/packager/rendition.h"
#include "hub/packager/snapshot.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace hub::packager {
namespace {

using base::Nanos;
using stream::Kind;

constexpr std::uint32_t kVideoTimescale = 90'000;
constexpr std::uint64_t kMarkEvery = 100;
/// Sound that came before the first key frame is held this long: longer than any interleaving.
constexpr std::size_t kMaxEarlySounds = 512;
constexpr Nanos kMaxReorder = std::chrono::seconds{4};
/// Bounds every sum that is made of times.
constexpr Nanos kMaxTime = std::chrono::hours{24 * 365 * 100};
/// The wall clock was set if it moved this far against the stream.
constexpr std::chrono::milliseconds kMaxWallDrift{1000};

/// What a channel keeps of one kind of track for its life: the set of tracks in the init never changes.
struct Lane {
  std::optional<Fmp4Track> track;     // of the newest run that had it
  std::optional<std::uint8_t> input;  // the unit's track number in this run
  std::optional<Nanos> dts;           // of the newest unit of this run
  Nanos end{0};
};

std::optional<Fmp4Track> to_fmp4(const stream::Track& track, std::string& codec) {
  if (track.codec == stream::Codec::H264) {
    const auto config = parse_avc_config(track.config);
    if (!config) return std::nullopt;
    codec = codec_string(*config);
    return Fmp4Track{1, Kind::Video, kVideoTimescale, track.config, track.width_px, track.height_px, 0};
  }
  const auto config = parse_aac_config(track.config);
  if (!config) return std::nullopt;
  codec = codec_string(*config);
  const auto channels = config->channels == 0 ? track.channels : config->channels;
  return Fmp4Track{2, Kind::Audio, config->rate_hz, track.config, 0, 0, channels};
}

}  // namespace

struct Packager::Impl {
  Impl(Settings given, std::shared_ptr<HlsPublication> to, Listener& upward)
      : settings{std::move(given)},
        publication{std::move(to)},
        listener{upward},
        main{rendition("main", settings.video && settings.audio ? "audio" : "", settings.segment)},
        discontinuity{settings.first_discontinuity} {
    // EXTINF is compared with the target duration after rounding to seconds: room to follow main.m3u8.
    if (settings.video && settings.audio)
      audio.emplace(rendition("audio", "main", settings.segment + std::chrono::milliseconds{400}));
  }

  Rendition rendition(const char* name, const char* sibling, Nanos max_segment) {
    const Nanos window = std::max<Nanos>(settings.window, 3 * settings.segment);
    return {{{name, settings.start_id, sibling, settings.part, settings.segment},
             window,
             max_segment,
             settings.first_msn},
            [this](Nanos time) { return wall_of(time); }};
  }

  [[nodiscard]] base::Wall wall_of(Nanos time) const {
    return anchor_wall + std::chrono::floor<base::Millis>(time - anchor_time);
  }
  Lane* lane_of(const stream::Unit& unit) {
    for (auto& lane : lanes)
      if (lane.input == unit.track) return &lane;
    return nullptr;
  }
  Lane& lane(Kind kind) { return lanes[kind == Kind::Video ? 0 : 1]; }
  [[nodiscard]] bool complete() const {
    return (!settings.video || lanes[0].track) && (!settings.audio || lanes[1].track);
  }

  void begin(std::span<const stream::Track> tracks);
  void start_run();
  void push(const stream::Unit& unit, base::Wall release);
  [[nodiscard]] bool acceptable(const Lane& lane, const stream::Unit& unit) const;
  [[nodiscard]] bool jumps(const Lane& lane, const stream::Unit& unit) const;
  bool pass_gate(Kind kind, const Sample& sample, base::Wall release);
  void anchor(Nanos time, base::Wall release);
  void put(Kind kind, Sample sample);
  void end();
  void publish();
  void make_master();

  const Settings settings;
  const std::shared_ptr<HlsPublication> publication;
  Listener& listener;
  std::array<Lane, 2> lanes;  // video, audio
  std::array<std::string, 2> codecs;
  std::array<std::uint32_t, 2> bitrates{};
  Rendition main;
  std::optional<Rendition> audio;
  std::shared_ptr<const PlaylistView> main_view, audio_view;
  base::Blob master;
  std::uint64_t discontinuity;
  std::uint64_t marked_msn = 0;
  std::uint64_t dropped = 0;
  base::Wall anchor_wall{};
  Nanos anchor_time{0};
  bool running = false;      // between begin() and end(), with tracks that can be packaged
  bool open = false;         // the first unit that can start the run has come
  bool run_output = false;   // something of this run was published
  bool ever_output = false;  // something of this channel was published: its codecs are settled
  std::deque<Sample> early;  // sound before the first key frame
};

void Packager::Impl::begin(std::span<const stream::Track> tracks) {
  end();
  for (auto& lane : lanes) lane.input.reset();
  for (const auto& track : tracks) {
    const bool wanted = track.codec == stream::Codec::H264  ? settings.video
                        : track.codec == stream::Codec::Aac ? settings.audio
                                                            : false;
    if (!wanted) continue;
    const auto index = track.codec == stream::Codec::H264 ? 0U : 1U;
    std::string codec;
    auto fmp4 = to_fmp4(track, codec);
    if (!fmp4) {
      base::logger("channel." + settings.channel)
          ->warn("the {} configuration of the source makes no sense: that track is left out",
                 index == 0 ? "H.264" : "AAC");
      continue;
    }
    lanes[index].track = std::move(fmp4);
    lanes[index].input = track.id;
    if (!ever_output) {
      codecs[index] = codec;
      bitrates[index] = track.bitrate_bps;
    }
  }
  // A track that this run lacks keeps its place in the init, so that a player's buffers stay as they are. One
  // that no run has had yet cannot be described.
  running = complete() && (lanes[0].input || lanes[1].input);
  if (running) start_run();
}

void Packager::Impl::start_run() {
  for (auto& lane : lanes) {
    lane.dts.reset();
    lane.end = Nanos{0};
  }
  if (run_output) ++discontinuity;
  run_output = false;
  open = false;
  const bool video_leads = lanes[0].input.has_value();
  std::vector<Fmp4Track> tracks;
  for (const auto& lane : lanes)
    if (lane.track) tracks.push_back(*lane.track);
  main.begin(discontinuity, tracks, video_leads);
  if (audio) audio->begin(discontinuity, {*lanes[1].track}, false);
  marked_msn = std::max(main.next_msn(), audio ? audio->next_msn() : 0);
  listener.on_mark(marked_msn, discontinuity + 1);
}

bool Packager::Impl::acceptable(const Lane& lane, const stream::Unit& unit) const {
  const bool sane = unit.payload && !unit.payload->empty() && unit.pts >= Nanos{0} && unit.pts <= kMaxTime &&
                    unit.dts >= -kMaxReorder && unit.dts <= kMaxTime && unit.duration > Nanos{0} &&
                    unit.pts - unit.dts <= kMaxReorder && unit.dts - unit.pts <= kMaxReorder;
  if (!sane) return false;
  if (lane.dts) return unit.dts > *lane.dts || jumps(lane, unit);
  // The first of its track: near the other track, or it belongs to another timeline.
  return std::all_of(lanes.begin(), lanes.end(), [&](const Lane& other) {
    return !other.dts ||
           (unit.dts < other.end + settings.segment && unit.dts > *other.dts - settings.segment);
  });
}

bool Packager::Impl::jumps(const Lane& lane, const stream::Unit& unit) const {
  if (!lane.dts) return false;
  return unit.dts > lane.end + settings.segment || unit.dts < *lane.dts - settings.segment;
}

void Packager::Impl::anchor(Nanos time, base::Wall release) {
  anchor_time = time;
  anchor_wall = release;
}

bool Packager::Impl::pass_gate(Kind kind, const Sample& sample, base::Wall release) {
  if (open) return true;
  const bool video_leads = lane(Kind::Video).input.has_value();
  if (video_leads && kind == Kind::Audio) {
    early.push_back(sample);
    if (early.size() > kMaxEarlySounds) {
      early.pop_front();
      ++dropped;
    }
    return false;
  }
  if (!sample.key) {
    ++dropped;
    return false;
  }
  open = true;
  anchor(sample.pts, release);
  return true;
}

void Packager::Impl::push(const stream::Unit& unit, base::Wall release) {
  auto* const lane = running ? lane_of(unit) : nullptr;
  if (!lane || !acceptable(*lane, unit)) {
    ++dropped;
    return;
  }
  if (jumps(*lane, unit)) {
    end();
    running = true;
    start_run();
  }
  const auto kind = lane->track->kind;
  // A duration is only what the sender expects; the next unit's time decides, if it comes.
  Sample sample{unit.dts, unit.pts, std::min<Nanos>(unit.duration, settings.segment), unit.key, unit.payload};
  lane->dts = sample.dts;
  lane->end = sample.dts + sample.duration;
  const bool was_open = open;
  if (!pass_gate(kind, sample, release)) return;
  const auto drift = release - wall_of(sample.pts);
  if (drift > kMaxWallDrift || drift < -kMaxWallDrift) anchor(sample.pts, release);
  const auto begin = sample.pts;
  put(kind, std::move(sample));
  if (!was_open) {
    // Both tracks begin within one frame of sound.
    for (auto& sound : std::exchange(early, {})) {
      if (sound.pts + sound.duration > begin)
        put(Kind::Audio, std::move(sound));
      else
        ++dropped;
    }
  }
  publish();
}

void Packager::Impl::put(Kind kind, Sample sample) {
  const bool sound = kind == Kind::Audio;
  if (sound && audio && !audio->push(kind, sample)) ++dropped;
  const auto closed = main.closed_segments();
  if (!main.push(kind, std::move(sample))) ++dropped;
  if (audio && main.closed_segments() != closed) audio->follow(main.last_segment());
}

void Packager::Impl::end() {
  if (running && open) {
    dropped += main.end();
    if (audio) audio->end();
    publish();
  }
  dropped += early.size();
  early.clear();
  running = open = false;
}

void Packager::Impl::publish() {
  const bool main_changed = main.changed();
  const bool audio_changed = audio && audio->changed();
  if (!main_changed && !audio_changed) return;
  run_output = ever_output = true;
  const auto position = [](const std::shared_ptr<const PlaylistView>& view) {
    return view ? view->last_part() : std::nullopt;
  };
  if (main_changed || !main_view) main_view = main.view(audio ? audio->last_part() : std::nullopt);
  if (audio && (audio_changed || !audio_view)) audio_view = audio->view(position(main_view));
  if (!master && playable(*main_view)) make_master();
  publication->publish(std::make_shared<const Snapshot>(Snapshot::Content{main_view,
                                                                          audio            ? audio_view
                                                                          : settings.audio ? main_view
                                                                                           : nullptr,
                                                                          master}));
  const auto next = std::max(main.next_msn(), audio ? audio->next_msn() : 0);
  if (next >= marked_msn + kMarkEvery) {
    marked_msn = next;
    listener.on_mark(next, discontinuity + 1);
  }
}

void Packager::Impl::make_master() {
  // The peak over what is listed, or what the source says of itself: players pick a variant by it.
  const auto peak = [](const std::shared_ptr<const PlaylistView>& view) {
    double most = 0;
    const auto see = [&](std::size_t bytes, Nanos duration) {
      most = std::max(most, static_cast<double>(bytes) * 8 / std::chrono::duration<double>(duration).count());
    };
    if (!view) return std::uint64_t{0};
    for (const auto& entry : view->segments) see(entry.segment->blob->size(), entry.segment->duration);
    std::size_t open_bytes = 0;
    Nanos open_duration{0};
    for (const auto& part : view->open.parts) {
      open_bytes += part.blob->size();
      open_duration += part.duration;
    }
    if (open_duration >= std::chrono::seconds{1}) see(open_bytes, open_duration);
    return static_cast<std::uint64_t>(most);
  };
  const auto bandwidth = [&](const std::shared_ptr<const PlaylistView>& view, std::uint64_t declared) {
    const auto best = std::max(peak(view), declared + declared / 10);
    return (best / 10'000 + 1) * 10'000;
  };
  std::string text = "#EXTM3U\n#EXT-X-VERSION:9\n";
  const auto variant = [&](const char* name, std::uint64_t bps, const std::string& names,
                           const std::string& more) {
    text +=
        fmt::format("#EXT-X-STREAM-INF:BANDWIDTH={},CODECS=\"{}\"{},STABLE-VARIANT-ID=\"{}-{}\"\n{}.m3u8\n",
                    bps, names, more, settings.channel, name, name);
  };
  const auto& video = lanes[0].track;
  std::string resolution;
  if (video && video->width_px > 0 && video->height_px > 0)
    resolution = fmt::format(",RESOLUTION={}x{}", video->width_px, video->height_px);
  if (video) resolution += ",CLOSED-CAPTIONS=NONE";
  const auto both = codecs[0] + (codecs[0].empty() || codecs[1].empty() ? "" : ",") + codecs[1];
  variant("main", bandwidth(main_view, std::uint64_t{bitrates[0]} + bitrates[1]), both, resolution);
  if (audio) variant("audio", bandwidth(audio_view, bitrates[1]), codecs[1], "");
  master = base::make_blob({text.begin(), text.end()});
}

Packager::Packager(Settings settings, std::shared_ptr<HlsPublication> publication, Listener& listener)
    : impl_{std::make_unique<Impl>(std::move(settings), std::move(publication), listener)} {}

Packager::~Packager() = default;

void Packager::begin(std::span<const stream::Track> tracks) {
  impl_->begin(tracks);
}

void Packager::push(const stream::Unit& unit, base::Wall release) {
  impl_->push(unit, release);
}

void Packager::end() {
  impl_->end();
}

std::uint64_t Packager::dropped_units() const {
  return impl_->dropped;
}

}  // namespace hub::packager
