#include "hub/packager/fmp4.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <string_view>
#include <vector>

namespace hub::packager {
namespace {

// ISO/IEC 14496-12, 8.8.3.1: sample_depends_on and sample_is_non_sync_sample.
constexpr std::uint32_t kSyncSample = 0x0200'0000;
constexpr std::uint32_t kDependentSample = 0x0101'0000;

void put(base::Bytes& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
}
void put8(base::Bytes& out, std::uint64_t value) {
  put(out, value, 1);
}
void put16(base::Bytes& out, std::uint64_t value) {
  put(out, value, 2);
}
void put32(base::Bytes& out, std::uint64_t value) {
  put(out, value, 4);
}
void put64(base::Bytes& out, std::uint64_t value) {
  put(out, value, 8);
}
void put_text(base::Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}
void put_zeros(base::Bytes& out, std::size_t count) {
  out.insert(out.end(), count, std::uint8_t{0});
}
void patch32(base::Bytes& out, std::size_t at, std::uint64_t value) {
  for (unsigned i = 0; i < 4; ++i) out[at + i] = static_cast<std::uint8_t>(value >> (24U - 8U * i));
}

/// A box while it is written: the size is filled in when it goes out of scope, which must be before the bytes
/// are returned.
class Box {
 public:
  Box(base::Bytes& out, std::string_view type) : out_{out}, at_{out.size()} {
    assert(type.size() == 4);
    put32(out_, 0);
    put_text(out_, type);
  }
  /// A FullBox.
  Box(base::Bytes& out, std::string_view type, unsigned version, std::uint32_t flags) : Box{out, type} {
    put8(out_, version);
    put(out_, flags, 3);
  }
  ~Box() { patch32(out_, at_, out_.size() - at_); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

 private:
  base::Bytes& out_;
  std::size_t at_;
};

void put_matrix(base::Bytes& out) {
  for (const std::uint32_t value : {0x10000U, 0U, 0U, 0U, 0x10000U, 0U, 0U, 0U, 0x4000'0000U})
    put32(out, value);
}

void put_mvhd(base::Bytes& out) {
  const Box box{out, "mvhd", 0, 0};
  put32(out, 0);     // creation
  put32(out, 0);     // modification
  put32(out, 1000);  // timescale
  put32(out, 0);     // duration: in the fragments
  put32(out, 0x10000);
  put16(out, 0x100);
  put_zeros(out, 10);
  put_matrix(out);
  put_zeros(out, 24);
  put32(out, UINT32_MAX);  // next track id: search for a free one
}

void put_tkhd(base::Bytes& out, const Fmp4Track& track) {
  const Box box{out, "tkhd", 0, 3};  // enabled, in the presentation
  put32(out, 0);
  put32(out, 0);
  put32(out, track.id);
  put32(out, 0);
  put32(out, 0);  // duration
  put_zeros(out, 8);
  put16(out, 0);
  put16(out, 0);
  put16(out, track.kind == stream::Kind::Audio ? 0x100 : 0);
  put16(out, 0);
  put_matrix(out);
  put32(out, std::uint64_t{track.width_px} << 16U);
  put32(out, std::uint64_t{track.height_px} << 16U);
}

void put_avc1(base::Bytes& out, const Fmp4Track& track) {
  const Box box{out, "avc1"};
  put_zeros(out, 6);
  put16(out, 1);  // data reference
  put_zeros(out, 16);
  put16(out, track.width_px);
  put16(out, track.height_px);
  put32(out, 0x48'0000);  // 72 dpi
  put32(out, 0x48'0000);
  put32(out, 0);
  put16(out, 1);
  put_zeros(out, 32);  // compressor name
  put16(out, 24);
  put16(out, 0xFFFF);
  const Box avcc{out, "avcC"};
  out.insert(out.end(), track.config.begin(), track.config.end());
}

void put_descriptor(base::Bytes& out, std::uint8_t tag, std::size_t length) {
  assert(length < 128);  // one byte of length; parse_aac_config() bounds what goes in
  put8(out, tag);
  put8(out, length);
}

void put_mp4a(base::Bytes& out, const Fmp4Track& track) {
  const Box box{out, "mp4a"};
  put_zeros(out, 6);
  put16(out, 1);
  put_zeros(out, 8);
  put16(out, track.channels);
  put16(out, 16);
  put32(out, 0);
  // 16.16 cannot hold rates above 65535 Hz: readers then take the AudioSpecificConfig's.
  put32(out, track.timescale <= 0xFFFF ? std::uint64_t{track.timescale} << 16U : 0);
  const Box esds{out, "esds", 0, 0};
  const std::size_t specific = track.config.size();
  const std::size_t decoder = 13 + 2 + specific;
  put_descriptor(out, 0x03, 3 + 2 + decoder + 3);  // ES_Descriptor
  put16(out, track.id);
  put8(out, 0);
  put_descriptor(out, 0x04, decoder);  // DecoderConfigDescriptor
  put8(out, 0x40);                     // MPEG-4 audio
  put8(out, 0x15);                     // audio stream
  put(out, 0, 3);                      // buffer size
  put32(out, 0);                       // maximum bit rate: unknown
  put32(out, 0);                       // average bit rate: unknown
  put_descriptor(out, 0x05, specific);
  out.insert(out.end(), track.config.begin(), track.config.end());
  put_descriptor(out, 0x06, 1);  // SLConfigDescriptor
  put8(out, 0x02);
}

void put_sample_table(base::Bytes& out, const Fmp4Track& track) {
  const Box stbl{out, "stbl"};
  {
    const Box stsd{out, "stsd", 0, 0};
    put32(out, 1);
    if (track.kind == stream::Kind::Video)
      put_avc1(out, track);
    else
      put_mp4a(out, track);
  }
  for (const auto* type : {"stts", "stsc", "stco"}) {
    const Box empty{out, type, 0, 0};
    put32(out, 0);
  }
  const Box stsz{out, "stsz", 0, 0};
  put32(out, 0);
  put32(out, 0);
}

void put_media(base::Bytes& out, const Fmp4Track& track) {
  const bool video = track.kind == stream::Kind::Video;
  const Box mdia{out, "mdia"};
  {
    const Box mdhd{out, "mdhd", 0, 0};
    put32(out, 0);
    put32(out, 0);
    put32(out, track.timescale);
    put32(out, 0);
    put16(out, 0x55C4);  // "und"
    put16(out, 0);
  }
  {
    const Box hdlr{out, "hdlr", 0, 0};
    put32(out, 0);
    put_text(out, video ? "vide" : "soun");
    put_zeros(out, 12);
    put8(out, 0);  // name
  }
  const Box minf{out, "minf"};
  if (video) {
    const Box vmhd{out, "vmhd", 0, 1};
    put_zeros(out, 8);
  } else {
    const Box smhd{out, "smhd", 0, 0};
    put_zeros(out, 4);
  }
  {
    const Box dinf{out, "dinf"};
    const Box dref{out, "dref", 0, 0};
    put32(out, 1);
    const Box url{out, "url ", 0, 1};  // in this file
  }
  put_sample_table(out, track);
}

/// @return where the data offset of the trun stands; 0 if the run has no samples.
std::size_t put_traf(base::Bytes& out, const TrackRun& run) {
  const auto& track = *run.track;
  const auto ticks = [&](base::Nanos time) { return to_ticks(time, track.timescale); };
  const Box traf{out, "traf"};
  {
    constexpr std::uint32_t kDurationIsEmpty = 0x1'0000, kDefaultBaseIsMoof = 0x2'0000;
    const Box tfhd{out, "tfhd", 0, kDefaultBaseIsMoof | (run.samples.empty() ? kDurationIsEmpty : 0)};
    put32(out, track.id);
  }
  {
    const Box tfdt{out, "tfdt", 1, 0};
    put64(out, ticks(run.samples.empty() ? run.decode_time : run.samples.front().dts));
  }
  if (run.samples.empty()) return 0;
  const bool video = track.kind == stream::Kind::Video;
  // Data offset, durations, sizes; and for video flags and composition offsets. Version 1: signed offsets.
  const Box trun{out, "trun", 1, 0x001U | 0x100U | 0x200U | (video ? 0x400U | 0x800U : 0U)};
  put32(out, run.samples.size());
  const std::size_t offset_at = out.size();
  put32(out, 0);
  for (std::size_t i = 0; i < run.samples.size(); ++i) {
    const auto& sample = run.samples[i];
    const auto begin = ticks(sample.dts);
    const auto end =
        i + 1 < run.samples.size() ? ticks(run.samples[i + 1].dts) : ticks(sample.dts + sample.duration);
    put32(out, end - begin);
    put32(out, sample.payload->size());
    if (!video) continue;
    put32(out, sample.key ? kSyncSample : kDependentSample);
    put32(out, ticks(sample.pts) - begin);  // wraps to the two's complement of a negative offset
  }
  return offset_at;
}

}  // namespace

std::uint64_t to_ticks(base::Nanos time, std::uint32_t timescale) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto since_origin = (time + kTimeOrigin).count();
  assert(since_origin >= 0);
  const auto nanos = static_cast<std::uint64_t>(std::max<std::int64_t>(since_origin, 0));
  return nanos / kSecond * timescale + (nanos % kSecond * timescale + kSecond / 2) / kSecond;
}

base::Bytes make_init(std::span<const Fmp4Track> tracks) {
  base::Bytes out;
  {
    const Box ftyp{out, "ftyp"};
    put_text(out, "iso6");
    put32(out, 0);
    put_text(out, "iso6mp41");
  }
  {
    const Box moov{out, "moov"};
    put_mvhd(out);
    for (const auto& track : tracks) {
      const Box trak{out, "trak"};
      put_tkhd(out, track);
      put_media(out, track);
    }
    const Box mvex{out, "mvex"};
    for (const auto& track : tracks) {
      const Box trex{out, "trex", 0, 0};
      put32(out, track.id);
      put32(out, 1);  // sample description
      put32(out, 0);
      put32(out, 0);
      put32(out, track.kind == stream::Kind::Video ? kDependentSample : kSyncSample);
    }
  }
  return out;
}

base::Bytes make_fragment(std::uint32_t sequence, std::span<const TrackRun> runs) {
  std::size_t payload = 0, count = 0;
  for (const auto& run : runs)
    for (const auto& sample : run.samples) payload += sample.payload->size(), ++count;
  base::Bytes out;
  out.reserve(payload + 16 * count + 256);
  std::vector<std::size_t> offsets;
  {
    const Box moof{out, "moof"};
    {
      const Box mfhd{out, "mfhd", 0, 0};
      put32(out, sequence);
    }
    for (const auto& run : runs) offsets.push_back(put_traf(out, run));
  }
  {
    const Box mdat{out, "mdat"};
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (offsets[i] != 0) patch32(out, offsets[i], out.size());
      for (const auto& sample : runs[i].samples)
        out.insert(out.end(), sample.payload->begin(), sample.payload->end());
    }
  }
  return out;
}

}  // namespace hub::packager
