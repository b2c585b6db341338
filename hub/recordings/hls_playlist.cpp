#include "hub/recordings/hls_playlist.h"

#include "hub/base/json.h"
#include "hub/lib/glib/uri.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace hub::recordings {
namespace {

using base::Errc;
using Attributes = std::map<std::string, std::string, std::less<>>;

constexpr double kMaxDuration_s = 48 * 3600.0;

Trouble damaged(std::size_t line) {
  return {Errc::Unsupported,
          fmt::format("La liste de lecture HLS est abîmée (ligne {}) ; vérifiez l'adresse.", line),
          fmt::format("The HLS playlist is damaged (line {}); check the address.", line)};
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// RFC 8216, 4.2: NAME=value or NAME="value", between commas.
Attributes attributes_of(std::string_view text) {
  Attributes out;
  while (!text.empty()) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) break;
    auto name = text.substr(0, equals);
    while (name.starts_with(' ')) name.remove_prefix(1);
    text.remove_prefix(equals + 1);
    std::string_view value;
    if (text.starts_with('"')) {
      const auto end = std::min(text.find('"', 1), text.size());
      value = text.substr(1, end - 1);
      text.remove_prefix(std::min(end + 1, text.size()));
    } else {
      value = text.substr(0, text.find(','));
      text.remove_prefix(value.size());
    }
    out.emplace(name, value);
    text.remove_prefix(std::min(text.find(',') == 0 ? std::size_t{1} : std::size_t{0}, text.size()));
  }
  return out;
}

std::string at(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string{} : found->second;
}

/// "length[@offset]"; @p next is where the range before ended, if it was of the same resource.
std::optional<Segment::Range> parse_range(std::string_view text, std::optional<std::uint64_t> next) {
  const auto mark = text.find('@');
  const auto length = number<std::uint64_t>(text.substr(0, mark));
  const auto offset = mark == std::string_view::npos ? next : number<std::uint64_t>(text.substr(mark + 1));
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50;
  if (!length || *length == 0 || !offset || *length > kMost || *offset > kMost) return std::nullopt;
  return Segment::Range{*offset, *length};
}

bool sound_only(std::string_view codecs) {
  if (codecs.empty()) return false;
  while (!codecs.empty()) {
    auto codec = codecs.substr(0, codecs.find(','));
    codecs.remove_prefix(std::min(codec.size() + 1, codecs.size()));
    while (codec.starts_with(' ')) codec.remove_prefix(1);
    if (!codec.starts_with("mp4a") && !codec.starts_with("ac-3") && !codec.starts_with("ec-3") &&
        !codec.starts_with("opus"))
      return false;
  }
  return true;
}

class Parser {
 public:
  explicit Parser(std::string_view base) : base_{base} {}

  Outcome<Playlist> parse(std::string_view text) {
    if (text.size() > kMaxPlaylistBytes) return too_large();
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!text.starts_with("#EXTM3U"))
      return Trouble{Errc::Unsupported, "L'adresse ne mène pas à une liste de lecture HLS.",
                     "The address does not lead to an HLS playlist."};
    if (!base::is_utf8(text) || text.find('\0') != std::string_view::npos) return damaged(1);
    while (!text.empty() && !trouble_) {
      auto line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
      ++line_;
      if (!line.empty()) take(line);
    }
    if (trouble_) return *trouble_;
    return finish();
  }

 private:
  static Trouble too_large() {
    return {
        Errc::TooLarge,
        fmt::format("La liste de lecture est démesurée (plus de {} Mo ou de {} morceaux) ; elle est refusée.",
                    kMaxPlaylistBytes >> 20, kMaxSegments),
        fmt::format("The playlist is absurdly large (over {} MB or {} segments); it is refused.",
                    kMaxPlaylistBytes >> 20, kMaxSegments)};
  }
  void fail() { trouble_ = damaged(line_); }

  /// Absolute and http(s), or the line is at fault.
  std::string address(std::string_view reference) {
    const auto resolved = lib::glib::resolve_uri(base_, reference);
    if (resolved && lib::glib::parse_web_address(*resolved)) return *resolved;
    fail();
    return {};
  }

  void take(std::string_view line) {
    const auto value = [&](std::string_view tag) {
      return line.starts_with(tag) ? std::optional{line.substr(tag.size())} : std::nullopt;
    };
    if (!line.starts_with('#')) return take_uri(line);
    if (const auto inf = value("#EXTINF:")) {
      const auto seconds = number<double>(inf->substr(0, inf->find(',')));
      if (!seconds || !std::isfinite(*seconds) || *seconds < 0) return fail();
      duration_s_ = *seconds;
    } else if (const auto range = value("#EXT-X-BYTERANGE:")) {
      range_ = std::string{*range};
    } else if (const auto map = value("#EXT-X-MAP:")) {
      take_map(attributes_of(*map));
    } else if (const auto key = value("#EXT-X-KEY:")) {
      if (at(attributes_of(*key), "METHOD") != "NONE")
        trouble_ = Trouble{Errc::Unsupported, "L'enregistrement est chiffré ; le hub ne le récupère pas.",
                           "The recording is encrypted; the hub does not fetch it."};
    } else if (line == "#EXT-X-ENDLIST") {
      ended_ = true;
    } else if (const auto stream = value("#EXT-X-STREAM-INF:")) {
      stream_ = attributes_of(*stream);
    } else if (const auto media = value("#EXT-X-MEDIA:")) {
      take_media(attributes_of(*media));
    }
  }

  void take_map(const Attributes& attributes) {
    Segment init;
    init.uri = address(at(attributes, "URI"));
    if (const auto range = at(attributes, "BYTERANGE"); !range.empty()) {
      init.range = parse_range(range, 0);
      if (!init.range) return fail();
    }
    const auto same = [](const Segment& a, const Segment& b) {
      return a.uri == b.uri && a.range.has_value() == b.range.has_value() &&
             (!a.range || (a.range->offset == b.range->offset && a.range->length == b.range->length));
    };
    if (media_.init && !same(*media_.init, init))
      trouble_ =
          Trouble{Errc::Unsupported,
                  "L'enregistrement est fait de plusieurs parties de formats différents ; le hub ne sait "
                  "pas les assembler.",
                  "The recording consists of parts in different formats; the hub cannot join them."};
    else if (!media_.init && !media_.segments.empty())
      fail();
    else
      media_.init = std::move(init);
  }

  void take_media(const Attributes& attributes) {
    if (at(attributes, "TYPE") != "AUDIO") return;
    if (master_.audio.size() >= kMaxVariants) trouble_ = too_large();
    AudioRendition audio;
    audio.group = at(attributes, "GROUP-ID");
    audio.is_default = at(attributes, "DEFAULT") == "YES";
    if (const auto uri = at(attributes, "URI"); !uri.empty()) audio.uri = address(uri);
    master_.audio.push_back(std::move(audio));
  }

  void take_uri(std::string_view line) {
    if (stream_) return take_variant(line);
    if (!duration_s_) return;  // a line that belongs to nothing is ignored, as players do
    if (media_.segments.size() >= kMaxSegments) {
      trouble_ = too_large();
      return;
    }
    Segment segment{address(line), *duration_s_, std::nullopt};
    if (range_) {
      const bool goes_on = !media_.segments.empty() && media_.segments.back().uri == segment.uri &&
                           media_.segments.back().range;
      const auto next =
          goes_on ? std::optional{media_.segments.back().range->offset + media_.segments.back().range->length}
                  : std::nullopt;
      segment.range = parse_range(*range_, next);
      if (!segment.range) return fail();
    }
    media_.duration_s += segment.duration_s;
    media_.segments.push_back(std::move(segment));
    duration_s_.reset();
    range_.reset();
    if (media_.duration_s > kMaxDuration_s) trouble_ = too_large();
  }

  void take_variant(std::string_view line) {
    if (master_.variants.size() >= kMaxVariants) {
      trouble_ = too_large();
      return;
    }
    Variant variant;
    variant.uri = address(line);
    const auto average = number<std::uint64_t>(at(*stream_, "AVERAGE-BANDWIDTH"));
    variant.bps = average ? *average : number<std::uint64_t>(at(*stream_, "BANDWIDTH")).value_or(0);
    const auto size = at(*stream_, "RESOLUTION");
    if (const auto x = size.find('x'); x != std::string::npos)
      variant.height = number<std::uint32_t>(std::string_view{size}.substr(x + 1)).value_or(0);
    variant.audio_group = at(*stream_, "AUDIO");
    variant.audio_only = sound_only(at(*stream_, "CODECS"));
    master_.variants.push_back(std::move(variant));
    stream_.reset();
  }

  Outcome<Playlist> finish() {
    if (!master_.variants.empty()) return Playlist{std::move(master_)};
    if (media_.segments.empty())
      return Trouble{Errc::Unsupported,
                     "La liste de lecture est vide : l'enregistrement n'est pas encore là.",
                     "The playlist is empty: the recording is not there yet."};
    if (!ended_)
      return Trouble{Errc::Unsupported,
                     "C'est une diffusion en direct, pas un enregistrement : ajoutez-la comme canal.",
                     "This is a live broadcast, not a recording: add it as a channel."};
    return Playlist{std::move(media_)};
  }

  const std::string base_;
  std::size_t line_ = 0;
  std::optional<Trouble> trouble_;
  std::optional<Attributes> stream_;
  std::optional<double> duration_s_;
  std::optional<std::string> range_;
  bool ended_ = false;
  MasterPlaylist master_;
  MediaPlaylist media_;
};

}  // namespace

Outcome<Playlist> parse_hls(std::string_view text, std::string_view base) {
  return Parser{base}.parse(text);
}

Choice choose(const MasterPlaylist& master, std::uint32_t max_height, std::uint32_t max_kbps) {
  const auto fits = [&](const Variant& v) {
    return (max_height == 0 || v.height <= max_height) &&
           (max_kbps == 0 || v.bps <= std::uint64_t{max_kbps} * 1000);
  };
  const auto better = [&](const Variant& a, const Variant& b) {
    if (a.audio_only != b.audio_only) return b.audio_only;  // a picture, if there is any
    if (fits(a) != fits(b)) return fits(a);
    if (a.height != b.height) return fits(a) ? a.height > b.height : a.height < b.height;
    return fits(a) ? a.bps > b.bps : a.bps < b.bps;
  };
  const auto best = std::min_element(master.variants.begin(), master.variants.end(), better);
  Choice choice{*best, std::nullopt};
  for (const auto& audio : master.audio) {
    if (best->audio_group.empty() || audio.group != best->audio_group || audio.uri.empty()) continue;
    if (audio.uri == best->uri) continue;  // an audio-only variant that is its own rendition
    if (!choice.audio || (audio.is_default && !choice.audio->is_default)) choice.audio = audio;
  }
  return choice;
}

}  // namespace hub::recordings
