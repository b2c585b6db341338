#include "hub/recordings/fetcher.h"

#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/redact.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::recordings {
namespace {

using base::Errc;

constexpr std::uint64_t kSyncEvery = 16'000'000;  // bytes: what a power cut may cost
constexpr std::size_t kBlock = 128 * 1024;

Trouble disk_trouble(const std::string& what) {
  return {Errc::Io, "Le disque refuse d'écrire : " + what, "The disk does not take the bytes: " + what};
}

/// "bytes 100-199/200" → 100 and 200 (nothing for "*").
struct ContentRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> total;
};
std::optional<ContentRange> parse_content_range(std::string_view text) {
  if (!text.starts_with("bytes ")) return std::nullopt;
  text.remove_prefix(6);
  ContentRange out;
  const auto slash = text.find('/');
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.first);
  if (error != std::errc{} || end == text.data() + text.size() || *end != '-' ||
      slash == std::string_view::npos)
    return std::nullopt;
  std::uint64_t total = 0;
  const auto tail = text.substr(slash + 1);
  if (const auto [stop, bad] = std::from_chars(tail.data(), tail.data() + tail.size(), total);
      bad == std::errc{})
    out.total = total;
  return out;
}

}  // namespace

/// The bytes of one file, open for writing at their end.
struct Fetcher::File {
  Path path;
  int fd = -1;
  std::uint64_t size = 0;
  std::string extension;  // known once its first bytes are

  explicit File(Path file) : path{std::move(file)} {
    fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) throw base::Error{Errc::Io, std::generic_category().message(errno)};
    size = static_cast<std::uint64_t>(lseek(fd, 0, SEEK_END));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(fd); }

  void cut(std::uint64_t to) {
    if (ftruncate(fd, static_cast<off_t>(to)) != 0 || lseek(fd, static_cast<off_t>(to), SEEK_SET) < 0)
      throw base::Error{Errc::Io, std::generic_category().message(errno)};
    size = to;
  }
  void append(std::string_view bytes) {
    if (!base::write_all(fd, bytes)) throw base::Error{Errc::Io, std::generic_category().message(errno)};
    size += bytes.size();
  }
  void sync() const {
    if (fdatasync(fd) != 0) throw base::Error{Errc::Io, std::generic_category().message(errno)};
  }
  [[nodiscard]] std::string head() const {
    std::string first(512, '\0');
    const auto count = pread(fd, first.data(), first.size(), 0);
    first.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return first;
  }
};

Fetcher::Fetcher(const Library& library, const Surroundings& around, Budget& budget, std::uint32_t kbps,
                 std::chrono::days keep, const base::Clock& clock)
    : library_{library},
      around_{around},
      budget_{budget},
      keep_{keep},
      clock_{clock},
      download_{around, budget, kbps} {}

Fetcher::Path Fetcher::part(const Job& job, const std::string& name) const {
  return job_folder(library_.folder(), job.id) / name;
}

std::optional<Trouble> Fetcher::check_room(std::optional<std::uint64_t> bytes) {
  const auto space = around_.space(library_.folder());
  const auto room = room_in(space);
  const auto needs = bytes.value_or(kSyncEvery);
  if (needs > room)
    return Trouble{
        Errc::TooLarge,
        fmt::format("Il manque de la place sur le disque : il faut encore {}, {} sont libres et {} "
                    "doivent le rester.",
                    size_text(needs, "fr"), size_text(space.free, "fr"), size_text(space.free - room, "fr")),
        fmt::format("The disk is too full: {} are still needed, {} are free and {} must stay so.",
                    size_text(needs, "en"), size_text(space.free, "en"), size_text(space.free - room, "en"))};
  if (!budget_.fits(bytes.value_or(0)))
    return Trouble{
        Errc::Busy,
        fmt::format("Il faut encore {}, et {} sont déjà pris sur les {} du mois ([uplink] monthly_mb).",
                    size_text(needs, "fr"), size_text(budget_.used(), "fr"),
                    size_text(budget_.limit(), "fr")),
        fmt::format("{} are still needed, and {} of the month's {} are used ([uplink] monthly_mb).",
                    size_text(needs, "en"), size_text(budget_.used(), "en"),
                    size_text(budget_.limit(), "en"))};
  return std::nullopt;
}

Outcome<Fetcher::Size> Fetcher::ask_size(const Job& job) {
  // A HEAD costs least; a server that does not know it is asked for the first kilobyte.
  auto opened = download_.open(job.uri, {}, "HEAD");
  const bool head = static_cast<bool>(opened);
  if (!head) {
    if (opened.trouble().passes()) return opened.trouble();
    opened = download_.open(job.uri, {{"Range", "bytes=0-1023"}});
    if (!opened) return opened.trouble();
  }
  const auto type = opened->answer.header("Content-Type");
  const auto address = lib::glib::parse_web_address(opened->url);
  const bool playlist = type.find("mpegurl") != std::string::npos || address->path.ends_with(".m3u8");
  std::string first;
  if (!head && !playlist) {
    std::string piece(1024, '\0');
    const auto count = download_.read(*opened, piece);
    if (!count) return count.trouble();
    first = piece.substr(0, *count);
  }
  if (playlist || first.starts_with("#EXTM3U")) {
    std::string url = opened->url;
    const auto text = download_.get_text(url, kMaxPlaylistBytes);
    if (!text) return text.trouble();
    const auto all = presentation(job, *text, url);
    if (!all) return all.trouble();
    const auto bytes = static_cast<std::uint64_t>(static_cast<double>(all->bps) / 8 * all->duration_s);
    return Size{bytes > 0 ? std::optional{bytes} : std::nullopt, true, all->duration_s};
  }
  if (type.starts_with("text/html") || !first.empty())
    if (const auto media = media_type(type, address->path, first); !media) return media.trouble();
  if (opened->answer.status() == 206) {
    const auto range = parse_content_range(opened->answer.header("Content-Range"));
    return Size{range ? range->total : std::nullopt, false, std::nullopt};
  }
  // Some servers answer a HEAD with a length of 0 that means nothing.
  const auto length = opened->answer.content_length();
  return Size{length && *length > 0 ? length : std::nullopt, false, std::nullopt};
}

Outcome<base::Done> Fetcher::fetch(Job& job) {
  try {
    save_job(library_.folder(), job);
    if (!job.playlist.empty()) {
      std::string url = job.uri;
      const auto text = download_.get_text(url, kMaxPlaylistBytes);
      if (!text) return text.trouble();
      return fetch_hls(job, *text, url);
    }
    return fetch_file(job);
  } catch (const base::Error& error) {
    return disk_trouble(error.what());
  }
}

Outcome<base::Done> Fetcher::fetch_file(Job& job) {
  File file{part(job, "media")};
  // After a power cut the length may be true and the bytes not.
  if (job.boot != base::boot_id() && file.size > job.safe_bytes) file.cut(job.safe_bytes);
  job.boot = base::boot_id();
  for (int failures = 0;;) {
    const auto before = file.size;
    const auto whole = attempt_file(job, file);
    job.safe_bytes = file.size;
    file.sync();
    save_job(library_.folder(), job);
    if (whole && *whole) return fetch_hls(job, (*whole)->text, (*whole)->url);
    if (whole) return finish(job, file.path, file.extension);
    const auto& trouble = whole.trouble();
    if (!trouble.passes() || trouble.code == Errc::Busy) return trouble;
    failures = file.size > before ? 1 : failures + 1;
    if (failures >= download_.attempts()) return trouble;
    base::logger("recordings")->info("{}: {} ({} so far)", job.id, trouble.en, size_text(file.size, "en"));
    if (!download_.pause(failures)) return Download::stop_trouble();
  }
}

Outcome<std::optional<Fetcher::PlaylistText>> Fetcher::attempt_file(Job& job, File& file) {
  using Answer = std::optional<PlaylistText>;
  const auto path = [](const std::string& url) {
    const auto address = lib::glib::parse_web_address(url);
    return address ? address->path : std::string{};
  };
  if (file.size > 0 && job.size_bytes == file.size) {  // only the rename was missing
    const auto type = media_type({}, path(job.uri), file.head());
    if (!type) return type.trouble();
    file.extension = type->extension;
    return Answer{};
  }
  // Without a mark of the version (RFC 9110, 13.1.5) the length is all that says that it is the same file.
  Download::Headers headers;
  const bool strong = !job.etag.empty() && !job.etag.starts_with("W/");
  const bool resumes = file.size > 0 && (strong || !job.last_modified.empty() || job.size_bytes);
  if (resumes) {
    headers.emplace_back("Range", fmt::format("bytes={}-", file.size));
    if (strong)
      headers.emplace_back("If-Range", job.etag);
    else if (!job.last_modified.empty())
      headers.emplace_back("If-Range", job.last_modified);
  }
  auto open = download_.open(job.uri, headers);
  if (!open) return open.trouble();
  const auto& answer = open->answer;
  const auto range = parse_content_range(answer.header("Content-Range"));
  const bool goes_on = resumes && answer.status() == 206 && range && range->first == file.size &&
                       (!job.size_bytes || !range->total || *range->total == *job.size_bytes);
  if (!goes_on) {
    if (answer.status() != 200) {  // another file than before, or a server that counts in its own way
      file.cut(0);
      job.size_bytes.reset();
      job.etag.clear();
      job.last_modified.clear();
      return Trouble{Errc::Stalled, "Le serveur a changé le fichier ; le hub recommence.",
                     "The server changed the file; the hub begins again."};
    }
    file.cut(0);
    job.size_bytes = answer.content_length();
    job.size_is_estimate = false;
    job.etag = answer.header("ETag");
    job.last_modified = answer.header("Last-Modified");
  } else if (range->total) {
    job.size_bytes = range->total;
  }
  std::string first;
  while (first.size() < 512) {
    std::string piece(512, '\0');
    const auto count = download_.read(*open, piece);
    if (!count) return count.trouble();
    if (*count == 0) break;
    first.append(piece, 0, *count);
  }
  const auto type = media_type(answer.header("Content-Type"), path(open->url), goes_on ? file.head() : first);
  if (!type) return type.trouble();
  if (type->playlist) {
    auto text = download_.read_text(*open, kMaxPlaylistBytes, std::move(first));
    if (!text) return text.trouble();
    return Answer{PlaylistText{std::move(*text), open->url}};
  }
  file.extension = type->extension;
  if (auto trouble = receive(job, file, *open, std::move(first))) return *trouble;
  return Answer{};
}

std::optional<Trouble> Fetcher::receive(Job& job, File& file, Download::Open& open, std::string first) {
  const auto left =
      job.size_bytes ? std::optional{*job.size_bytes - std::min(*job.size_bytes, file.size)} : std::nullopt;
  if (auto trouble = check_room(left)) return trouble;
  file.append(first);
  save_job(library_.folder(), job);
  std::string block(kBlock, '\0');
  for (std::uint64_t synced = file.size;;) {
    const auto count = download_.read(open, block);
    if (!count) return count.trouble();
    if (*count == 0) break;
    file.append(std::string_view{block}.substr(0, *count));
    if (file.size - synced < kSyncEvery) continue;
    file.sync();
    synced = job.safe_bytes = file.size;
    save_job(library_.folder(), job);
    if (!job.size_bytes)
      if (auto trouble = check_room(std::nullopt)) return trouble;
  }
  if (job.size_bytes && file.size != *job.size_bytes)
    return Trouble{Errc::Stalled, "Le serveur a coupé avant la fin ; le hub reprend où il en était.",
                   "The server cut off before the end; the hub goes on where it was."};
  return std::nullopt;
}

Outcome<base::Done> Fetcher::finish(Job& job, const Path& file, const std::string& extension) {
  { File{file}.sync(); }
  std::error_code error;
  About about;
  about.title = job.title;
  about.source = base::redact_uri(job.uri);
  about.address_hash = lib::glib::sha256(job.uri);
  about.etag = job.etag;
  about.size_bytes = std::filesystem::file_size(file, error);
  about.duration_s = job.duration_s;
  about.fetched_at = clock_.wall();
  if (keep_.count() > 0) about.keep_until = about.fetched_at + keep_;
  library_.write_about(job.id, about);
  std::filesystem::rename(file, library_.folder() / (job.id + extension), error);
  if (error) return disk_trouble(error.message());
  base::sync_folder(library_.folder());
  remove_job(library_.folder(), job.id);
  return base::Done{};
}

}  // namespace hub::recordings
