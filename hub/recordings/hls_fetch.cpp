#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/recordings/fetcher.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

/// HLS recordings: the choice of a variant, segments one by one, and one file out of them.
namespace hub::recordings {
namespace {

using base::Errc;

constexpr std::size_t kMaxSegmentBytes = 64 * 1024 * 1024;  // 10 s at 50 Mbit/s

Trouble nested() {
  return {Errc::Unsupported, "La liste de lecture en cache une autre, au lieu d'un enregistrement.",
          "The playlist hides another one instead of a recording."};
}

/// The path without host and query: what stays when a server signs its addresses anew.
std::string lasting_part(const Segment& segment) {
  const auto address = lib::glib::parse_web_address(segment.uri);
  auto text = address ? address->path : segment.uri;
  if (segment.range) text += fmt::format("@{}+{}", segment.range->offset, segment.range->length);
  return text + "\n";
}

struct Descriptor {
  int fd;
  explicit Descriptor(int descriptor) : fd{descriptor} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

[[noreturn]] void fail() {
  throw base::Error{Errc::Io, std::generic_category().message(errno)};
}

std::string track_name(std::size_t index) {
  return fmt::format("media-{}", index);
}

}  // namespace

Outcome<Fetcher::Presentation> Fetcher::presentation(const Job& job, const std::string& text,
                                                     const std::string& url) {
  const auto parsed = parse_hls(text, url);
  if (!parsed) return parsed.trouble();
  Presentation out;
  const auto add = [&](std::string address) -> std::optional<Trouble> {
    const auto media = download_.get_text(address, kMaxPlaylistBytes);
    if (!media) return media.trouble();
    const auto playlist = parse_hls(*media, address);
    if (!playlist) return playlist.trouble();
    const auto* track = std::get_if<MediaPlaylist>(&*playlist);
    if (!track) return nested();
    out.tracks.push_back(*track);
    return std::nullopt;
  };
  if (const auto* media = std::get_if<MediaPlaylist>(&*parsed)) {
    out.tracks.push_back(*media);
  } else {
    const auto choice = choose(std::get<MasterPlaylist>(*parsed), job.max_height, job.max_kbps);
    out.bps = choice.video.bps;
    if (auto trouble = add(choice.video.uri)) return *trouble;
    if (choice.audio)
      if (auto trouble = add(choice.audio->uri)) return *trouble;
  }
  std::string names;
  for (const auto& track : out.tracks) {
    out.duration_s = std::max(out.duration_s, track.duration_s);
    if (track.init) names += lasting_part(*track.init);
    for (const auto& segment : track.segments) names += lasting_part(segment);
  }
  out.identity = lib::glib::sha256(names);
  return out;
}

Outcome<base::Done> Fetcher::fetch_hls(Job& job, const std::string& text, const std::string& url) {
  const auto all = presentation(job, text, url);
  if (!all) return all.trouble();
  std::error_code ignored;
  std::filesystem::remove(part(job, "media"), ignored);
  if (job.playlist != all->identity) {  // the first time, or the server made it anew
    job.playlist = all->identity;
    job.tracks.assign(all->tracks.size(), {});
  }
  job.duration_s = all->duration_s;
  job.size_bytes.reset();
  if (all->bps > 0)
    job.size_bytes = static_cast<std::uint64_t>(static_cast<double>(all->bps) / 8 * all->duration_s);
  job.size_is_estimate = true;
  // The bytes are there twice while the tracks are joined.
  if (auto trouble = check_room(job.size_bytes)) return *trouble;
  const bool joined = all->tracks.size() > 1 || all->tracks.front().init;
  if (joined && job.size_bytes && 2 * *job.size_bytes > room_in(around_.space(library_.folder())))
    if (auto trouble = check_room(2 * *job.size_bytes)) return *trouble;
  save_job(library_.folder(), job);
  for (std::size_t i = 0; i < all->tracks.size(); ++i)
    if (auto done = fetch_track(job, i, *all); !done) return done;
  return join(job, *all);
}

Outcome<base::Done> Fetcher::fetch_track(Job& job, std::size_t index, const Presentation& all) {
  const auto& track = all.tracks[index];
  auto& state = job.tracks[index];
  const Descriptor file{open(part(job, track_name(index)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  if (file.fd < 0) fail();
  const auto there = lseek(file.fd, 0, SEEK_END);
  if (there < 0) fail();
  if (static_cast<std::uint64_t>(there) < state.bytes) state = {};  // somebody touched the file
  if (ftruncate(file.fd, static_cast<off_t>(state.bytes)) != 0) fail();
  if (lseek(file.fd, 0, SEEK_END) < 0) fail();
  const std::size_t inits = track.init ? 1 : 0;
  const std::size_t count = inits + track.segments.size();
  for (; state.segments < count;) {
    const auto& segment = state.segments < inits ? *track.init : track.segments[state.segments - inits];
    const auto bytes = fetch_segment(segment);
    if (!bytes) return bytes.trouble();
    if (!base::write_all(file.fd, *bytes) || fdatasync(file.fd) != 0) fail();
    state.bytes += bytes->size();
    ++state.segments;
    save_job(library_.folder(), job);
    if (state.segments % 16 == 0)
      if (auto trouble = check_room(std::nullopt)) return *trouble;
  }
  return base::Done{};
}

Outcome<std::string> Fetcher::fetch_segment(const Segment& segment) {
  Download::Headers headers;
  if (segment.range)
    headers.emplace_back("Range", fmt::format("bytes={}-{}", segment.range->offset,
                                              segment.range->offset + segment.range->length - 1));
  for (int failures = 1;; ++failures) {
    auto opened = download_.open(segment.uri, headers);
    auto bytes =
        opened ? download_.read_text(*opened, kMaxSegmentBytes) : Outcome<std::string>{opened.trouble()};
    if (bytes) {
      const bool page = opened->answer.header("Content-Type").starts_with("text/html");
      const bool whole = !segment.range || bytes->size() == segment.range->length;
      if (!page && whole && !bytes->empty() && opened->answer.status() != 416) return bytes;
      return Trouble{Errc::Unsupported, "Un morceau de l'enregistrement n'est pas ce que la liste annonce.",
                     "A segment of the recording is not what the playlist announces."};
    }
    if (!bytes.trouble().passes() || failures >= download_.attempts()) return bytes;
    if (!download_.pause(failures)) return Download::stop_trouble();
  }
}

Outcome<base::Done> Fetcher::join(Job& job, const Presentation& all) {
  std::vector<Path> inputs;
  for (std::size_t i = 0; i < all.tracks.size(); ++i) inputs.push_back(part(job, track_name(i)));
  std::string first(512, '\0');
  std::ifstream stream{inputs.front(), std::ios::binary};
  stream.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<std::size_t>(stream.gcount()));
  const auto type = media_type({}, {}, first);
  if (!type) return type.trouble();
  // MPEG-TS can be put one behind the other as it is. Fragments get an index, so that a replay can be wound.
  if (inputs.size() == 1 && !all.tracks.front().init) return finish(job, inputs.front(), type->extension);
  const auto output = part(job, "joined.mp4");
  const auto joined = around_.remux(inputs, output);
  if (joined) return finish(job, output, ".mp4");
  base::logger("recordings")->warn("{}: the tracks were not joined: {}", job.id, joined.error().text);
  if (inputs.size() == 1) return finish(job, inputs.front(), ".mp4");
  return Trouble{Errc::Unsupported, "L'image et le son n'ont pas pu être réunis : " + joined.error().text,
                 "Picture and sound could not be joined: " + joined.error().text};
}

}  // namespace hub::recordings
