#include "tests/support/fmp4_reader.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace hub::test {
namespace {

using std::chrono::nanoseconds;

struct Cursor {
  const base::Bytes& bytes;
  std::size_t at, end;

  std::uint64_t take(unsigned count) {
    if (end - at < count) throw std::runtime_error{"a box is cut off"};
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) value = (value << 8U) | bytes[at++];
    return value;
  }
  void skip(std::size_t count) {
    if (end - at < count) throw std::runtime_error{"a box is cut off"};
    at += count;
  }
  std::string word() {
    std::string text;
    for (int i = 0; i < 4; ++i) text += static_cast<char>(take(1));
    return text;
  }
};

using OnBox = std::function<void(const std::string& type, Cursor content, std::size_t begin)>;

void each_box(Cursor in, const OnBox& on_box) {
  while (in.at < in.end) {
    const auto begin = in.at;
    const auto size = in.take(4);
    const auto type = in.word();
    if (size < 8 || size > in.end - begin)
      throw std::runtime_error{"box " + type + " has a size that cannot be"};
    on_box(type, Cursor{in.bytes, in.at, begin + size}, begin);
    in.at = begin + size;
  }
}

nanoseconds to_nanos(std::int64_t ticks, std::uint32_t timescale) {
  return std::chrono::seconds{ticks / timescale} +
         nanoseconds{(ticks % timescale) * 1'000'000'000 / static_cast<std::int64_t>(timescale)};
}

}  // namespace

void Fmp4Reader::read_init(const base::Bytes& bytes) try {
  bool has_ftyp = false, has_trex = false;
  std::uint32_t id = 0;
  Fmp4TrackInfo track;
  const OnBox on_box = [&](const std::string& type, Cursor box, std::size_t) {
    if (type == "ftyp") has_ftyp = true;
    if (type == "trex") has_trex = true;
    if (type == "trak") {
      track = {};
      each_box(box, on_box);
      tracks_[id] = track;
    }
    for (const auto* parent : {"moov", "mdia", "minf", "stbl", "mvex"})
      if (type == parent) each_box(box, on_box);
    if (type == "tkhd") {
      box.skip(12);
      id = static_cast<std::uint32_t>(box.take(4));
    }
    if (type == "mdhd") {
      box.skip(12);
      track.timescale = static_cast<std::uint32_t>(box.take(4));
    }
    if (type == "hdlr") {
      box.skip(8);
      track.handler = box.word();
    }
    if (type == "stsd") {
      box.skip(12);
      track.entry = box.word();
    }
  };
  each_box({bytes, 0, bytes.size()}, on_box);
  if (!has_ftyp || !has_trex || tracks_.empty())
    violations_.emplace_back("init without ftyp, trex or tracks");
} catch (const std::exception& error) {
  violations_.emplace_back(std::string{"init: "} + error.what());
}

void Fmp4Reader::read_media(const base::Bytes& bytes) try {
  std::size_t moof = 0;
  bool expect_mdat = false;
  each_box({bytes, 0, bytes.size()}, [&](const std::string& type, const Cursor& box, std::size_t begin) {
    if (type == "moof") {
      moof = begin;
      expect_mdat = true;
    } else if (type == "mdat") {
      if (!expect_mdat) violations_.emplace_back("mdat without moof");
      expect_mdat = false;
      read_moof(bytes, moof, box.end);
    } else {
      violations_.emplace_back("unexpected box " + type);
    }
  });
  if (expect_mdat) violations_.emplace_back("moof without mdat");
} catch (const std::exception& error) {
  violations_.emplace_back(std::string{"media: "} + error.what());
}

void Fmp4Reader::read_moof(const base::Bytes& bytes, std::size_t begin, std::size_t end) {
  std::uint32_t id = 0;
  std::int64_t decode_time = -1;
  const OnBox on_box = [&](const std::string& type, Cursor box, std::size_t) {
    if (type == "traf") {
      decode_time = -1;
      each_box(box, on_box);
    } else if (type == "mfhd") {
      box.skip(4);
      const auto sequence = box.take(4);
      if (sequence <= last_sequence_) violations_.emplace_back("the fragment number does not grow");
      last_sequence_ = sequence;
    } else if (type == "tfhd") {
      const auto flags = box.take(4);
      if ((flags & 0x20000U) == 0) violations_.emplace_back("tfhd without default-base-is-moof");
      id = static_cast<std::uint32_t>(box.take(4));
      if (!tracks_.contains(id)) throw std::runtime_error{"traf of a track that the init does not have"};
    } else if (type == "tfdt") {
      if (box.take(4) >> 24U != 1) violations_.emplace_back("tfdt is not 64 bits");
      decode_time = static_cast<std::int64_t>(box.take(8));
      if (decode_time < 0) throw std::runtime_error{"negative tfdt"};
    } else if (type == "trun") {
      const auto flags = box.take(4);
      if ((flags & 0x301U) != 0x301U) throw std::runtime_error{"trun without offset, durations or sizes"};
      if (decode_time < 0) throw std::runtime_error{"trun before tfdt"};
      const auto& track = tracks_.at(id);
      const auto count = box.take(4);
      std::size_t at = begin + box.take(4);
      for (std::uint64_t i = 0; i < count; ++i) {
        Fmp4Sample sample;
        const auto duration = static_cast<std::int64_t>(box.take(4));
        const auto size = box.take(4);
        sample.key = (flags & 0x400U) == 0 || (box.take(4) & 0x10000U) == 0;
        const auto offset = (flags & 0x800U) == 0 ? 0 : static_cast<std::int32_t>(box.take(4));
        sample.dts = to_nanos(decode_time, track.timescale);
        sample.pts = to_nanos(decode_time + offset, track.timescale);
        sample.duration = to_nanos(duration, track.timescale);
        if (duration <= 0) violations_.emplace_back("a sample without duration");
        if (at > end || end - at < size) throw std::runtime_error{"a sample outside of its mdat"};
        sample.payload.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                              bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
        decode_time += duration;
        samples_[track.handler].push_back(std::move(sample));
      }
    }
  };
  each_box({bytes, begin + 8, end}, [&](const std::string& type, const Cursor& box, std::size_t at) {
    if (type != "mdat") on_box(type, box, at);
  });
}

const std::vector<Fmp4Sample>& Fmp4Reader::samples(const std::string& handler) const {
  static const std::vector<Fmp4Sample> none;
  const auto found = samples_.find(handler);
  return found == samples_.end() ? none : found->second;
}

RunHoles holes_of(const Fmp4Reader& run) {
  const auto& video = run.samples("vide");
  const auto& audio = run.samples("soun");
  if (video.empty() || audio.empty()) return {};
  const auto span = [](const std::vector<Fmp4Sample>& samples) {
    auto first = samples.front().pts, last = samples.front().pts;
    for (const auto& sample : samples) {
      first = std::min(first, sample.pts);
      last = std::max(last, sample.pts + sample.duration);
    }
    return std::pair{first, last};
  };
  const auto [video_begin, video_end] = span(video);
  const auto [audio_begin, audio_end] = span(audio);
  return {std::chrono::abs(video_begin - audio_begin), std::chrono::abs(video_end - audio_end)};
}

nanoseconds longest_gap(const Fmp4Reader& run, const std::string& handler) {
  auto samples = run.samples(handler);
  std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.pts < b.pts; });
  nanoseconds longest{0};
  for (std::size_t i = 1; i < samples.size(); ++i)
    longest = std::max(longest, samples[i].pts - (samples[i - 1].pts + samples[i - 1].duration));
  return longest;
}

}  // namespace hub::test
