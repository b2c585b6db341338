#include "hub/stream/framing.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include <fmt/format.h>

namespace hub::stream {
namespace {

using base::Errc;
using base::Failure;
using base::Json;
using base::Result;

enum class Type : std::uint8_t {
  Start = 1,
  Tracks = 2,
  Unit = 3,
  Title = 4,
  Health = 5,
  Bye = 6,
  Position = 7
};

constexpr std::size_t kUnitHeaderBytes = 28;
constexpr std::size_t kMaxTracks = 8;

template <class Integer>
void put(base::Bytes& out, Integer value) {
  for (std::size_t i = sizeof(Integer); i-- > 0;)
    out.push_back(static_cast<std::uint8_t>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU));
}

template <class Integer>
Integer get(std::span<const std::uint8_t> from) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) value = (value << 8U) | from[i];
  return static_cast<Integer>(value);
}

std::string to_hex(const base::Bytes& bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", byte);
  return out;
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<base::Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  base::Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

/// The unsigned integer at @p key, at most @p max; 0 if it is missing; nothing if it is something else.
template <class Integer>
std::optional<Integer> number_at(const Json& object, const char* key, std::uint64_t max) {
  const auto found = object.find(key);
  if (found == object.end()) return Integer{0};
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > max) return std::nullopt;
  return static_cast<Integer>(found->get<std::uint64_t>());
}

Json to_json(const Track& track) {
  return {{"id", track.id},
          {"codec", static_cast<unsigned>(track.codec)},
          {"config", to_hex(track.config)},
          {"width", track.width_px},
          {"height", track.height_px},
          {"rate", track.rate_hz},
          {"channels", track.channels},
          {"bitrate", track.bitrate_bps},
          {"language", track.language}};
}

std::optional<Track> track_from(const Json& object) {
  if (!object.is_object()) return std::nullopt;
  const auto id = number_at<std::uint8_t>(object, "id", 15);
  const auto codec = number_at<std::uint8_t>(object, "codec", 3);
  const auto config = from_hex(base::string_at(object, "config").value_or(""));
  const auto width = number_at<std::uint16_t>(object, "width", 16384);
  const auto height = number_at<std::uint16_t>(object, "height", 16384);
  const auto rate = number_at<std::uint32_t>(object, "rate", 384000);
  const auto channels = number_at<std::uint8_t>(object, "channels", 64);
  const auto bitrate = number_at<std::uint32_t>(object, "bitrate", UINT32_MAX);
  if (!id || !codec || *codec == 0 || !config || !width || !height || !rate || !channels || !bitrate)
    return std::nullopt;
  return Track{*id,
               static_cast<Codec>(*codec),
               *config,
               *width,
               *height,
               *rate,
               *channels,
               *bitrate,
               base::string_at(object, "language").value_or("")};
}

Failure broken(std::string_view what) {
  return {Errc::Invalid, fmt::format("broken unit stream: {}", what)};
}

Result<Message> parse_unit(std::span<const std::uint8_t> payload) {
  if (payload.size() <= kUnitHeaderBytes) return broken("unit without content");
  Unit unit;
  unit.track = payload[0];
  unit.key = (payload[1] & 1U) != 0;
  unit.pts = base::Nanos{get<std::int64_t>(payload.subspan(4))};
  unit.dts = base::Nanos{get<std::int64_t>(payload.subspan(12))};
  unit.duration = base::Nanos{get<std::int64_t>(payload.subspan(20))};
  // A century bounds every sum that is made of these later.
  constexpr base::Nanos kCentury = std::chrono::hours{24 * 365 * 100};
  if (unit.track > 15 || unit.pts < base::Nanos{0} || unit.pts > kCentury || unit.dts < -kCentury ||
      unit.dts > kCentury || unit.duration <= base::Nanos{0} || unit.duration > std::chrono::hours{1})
    return broken("unit with an absurd track or time");
  unit.payload = base::make_blob({payload.begin() + kUnitHeaderBytes, payload.end()});
  return Message{std::move(unit)};
}

Result<Message> parse_tracks(const Json& object) {
  Tracks out;
  const auto list = object.find("tracks");
  if (list == object.end() || !list->is_array() || list->size() > kMaxTracks)
    return broken("no list of tracks");
  for (const auto& item : *list) {
    auto track = track_from(item);
    if (!track) return broken("a track that makes no sense");
    const bool twice =
        std::any_of(out.tracks.begin(), out.tracks.end(), [&](const Track& t) { return t.id == track->id; });
    if (twice) return broken("two tracks with one id");
    out.tracks.push_back(std::move(*track));
  }
  return Message{std::move(out)};
}

Result<Message> parse_health(const Json& object) {
  const auto buffered = number_at<std::int64_t>(object, "buffered_ns", std::uint64_t{3'600'000'000'000});
  const auto bytes = number_at<std::uint64_t>(object, "bytes_in", UINT64_MAX);
  if (!buffered || !bytes) return broken("health report out of range");
  return Message{Health{base::Nanos{*buffered}, *bytes,
                        base::bool_at(object, "transcoding_video").value_or(false),
                        base::bool_at(object, "transcoding_audio").value_or(false)}};
}

Result<Message> parse_position(const Json& object) {
  constexpr std::uint64_t kMonth = 30ULL * 24 * 3600 * 1'000'000'000;  // longer than any recording
  const auto media = number_at<std::int64_t>(object, "media_ns", kMonth);
  const auto length = number_at<std::int64_t>(object, "length_ns", kMonth);
  if (!media || !length) return broken("position out of range");
  return Message{Position{base::Nanos{*media}, base::Nanos{*length}}};
}

Result<Message> parse_payload(Type type, std::span<const std::uint8_t> payload) {
  if (type == Type::Unit) return parse_unit(payload);
  auto json = base::parse_json({reinterpret_cast<const char*>(payload.data()), payload.size()});
  if (!json) return broken(json.error().text);
  if (!json->is_object()) return broken("message is not an object");
  switch (type) {
    case Type::Start:
      return Message{Start{std::move(*json)}};
    case Type::Tracks:
      return parse_tracks(*json);
    case Type::Title:
      return Message{Title{base::string_at(*json, "text").value_or("").substr(0, 500)}};
    case Type::Health:
      return parse_health(*json);
    case Type::Bye: {
      const auto code = base::errc_from(base::string_at(*json, "code").value_or(""));
      if (!code) return broken("unknown reason");
      return Message{Bye{{*code, base::string_at(*json, "text").value_or("")}}};
    }
    case Type::Position:
      return parse_position(*json);
    case Type::Unit:
      break;  // handled above
  }
  return broken("unknown message type");
}

struct Encoder {
  base::Bytes& out;

  void json(Type type, const Json& object) {
    // Text from outside (a title) may hold broken UTF-8: replaced rather than thrown over.
    const std::string text = object.dump(-1, ' ', false, Json::error_handler_t::replace);
    header(type, text.size());
    out.insert(out.end(), text.begin(), text.end());
  }
  void header(Type type, std::size_t length) {
    assert(length <= kMaxPayloadBytes);
    put(out, static_cast<std::uint32_t>(length));
    put(out, kVersion);
    put(out, static_cast<std::uint8_t>(type));
    put(out, std::uint16_t{0});
  }

  void operator()(const Start& start) { json(Type::Start, start.job); }
  void operator()(const Tracks& tracks) {
    Json list = Json::array();
    for (const auto& track : tracks.tracks) list.push_back(to_json(track));
    json(Type::Tracks, {{"tracks", std::move(list)}});
  }
  void operator()(const Unit& unit) {
    header(Type::Unit, kUnitHeaderBytes + unit.payload->size());
    put(out, unit.track);
    put(out, static_cast<std::uint8_t>(unit.key ? 1 : 0));
    put(out, std::uint16_t{0});
    put(out, unit.pts.count());
    put(out, unit.dts.count());
    put(out, unit.duration.count());
    out.insert(out.end(), unit.payload->begin(), unit.payload->end());
  }
  void operator()(const Title& title) { json(Type::Title, {{"text", title.text}}); }
  void operator()(const Health& health) {
    json(Type::Health,
         {{"buffered_ns", static_cast<std::uint64_t>(std::max<std::int64_t>(health.buffered.count(), 0))},
          {"bytes_in", health.bytes_in},
          {"transcoding_video", health.transcoding_video},
          {"transcoding_audio", health.transcoding_audio}});
  }
  void operator()(const Position& position) {
    const auto whole = [](base::Nanos time) {
      return static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    };
    json(Type::Position, {{"media_ns", whole(position.media)}, {"length_ns", whole(position.length)}});
  }
  void operator()(const Bye& bye) {
    json(Type::Bye, {{"code", base::to_string(bye.why.code)}, {"text", bye.why.text}});
  }
};

}  // namespace

void append_frame(base::Bytes& out, const Message& message) {
  std::visit(Encoder{out}, message);
}

void Deframer::feed(std::span<const std::uint8_t> bytes) {
  if (broken_) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
  read_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Message>> Deframer::next() {
  if (broken_) return *broken_;
  const auto rest = std::span{buffer_}.subspan(read_);
  if (rest.size() < kHeaderBytes) return std::optional<Message>{};
  const std::size_t length = get<std::uint32_t>(rest);
  if (rest[4] != kVersion) broken_ = broken("another version");
  if (length > kMaxPayloadBytes) broken_ = broken("frame over the size limit");
  if (broken_) return *broken_;
  if (rest.size() < kHeaderBytes + length) return std::optional<Message>{};
  auto message = parse_payload(static_cast<Type>(rest[5]), rest.subspan(kHeaderBytes, length));
  if (!message) {
    broken_ = message.error();
    return *broken_;
  }
  read_ += kHeaderBytes + length;
  return std::optional<Message>{std::move(*message)};
}

}  // namespace hub::stream
