#include "hub/recordings/library.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/lib/glib/unicode.h"
#include "hub/lib/glib/uri.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

namespace hub::recordings {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxId = 60;
constexpr std::size_t kMaxAboutBytes = 64 * 1024;
constexpr std::array<std::string_view, 20> kExtensions{
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".ts",   ".m2ts", ".mpg", ".mpeg", ".avi",
    ".flv", ".mp3", ".m4a", ".aac", ".ogg",  ".opus", ".oga",  ".ogv", ".flac", ".wav"};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Media files of @p folder by id. Names that are ids come first; others are made one, in the order of their
/// names, so that the same folder always gives the same ids.
std::map<std::string, fs::path, std::less<>> media_files(const fs::path& folder) {
  std::map<std::string, fs::path, std::less<>> out;
  std::vector<fs::path> others;
  std::error_code error;
  for (fs::directory_iterator next{folder, fs::directory_options::skip_permission_denied, error}, end;
       !error && next != end; next.increment(error)) {
    const auto& path = next->path();
    std::error_code ignored;
    if (path.filename().string().starts_with('.') || !is_media_extension(lower(path.extension().string())) ||
        !next->is_regular_file(ignored))
      continue;
    others.push_back(path);
  }
  std::sort(others.begin(), others.end());
  std::erase_if(others, [&](const fs::path& path) {
    return is_recording_id(path.stem().string()) && out.emplace(path.stem().string(), path).second;
  });
  for (const auto& path : others) {
    const auto base = make_id(path.stem().string(), "");
    auto id = base;
    for (int n = 2; !out.emplace(id, path).second; ++n)
      id = fmt::format("{}-{}", base.substr(0, kMaxId - 6), n);
  }
  return out;
}

std::optional<About> read_about(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  std::string text(kMaxAboutBytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  const auto json = base::parse_json(text);
  if (!json || !json->is_object()) return std::nullopt;
  About about;
  about.title = base::string_at(*json, "title").value_or("");
  about.source = base::string_at(*json, "source").value_or("");
  about.address_hash = base::string_at(*json, "address_hash").value_or("");
  about.etag = base::string_at(*json, "etag").value_or("");
  if (const auto found = json->find("duration_s"); found != json->end() && found->is_number())
    about.duration_s = found->get<double>();
  about.fetched_at = parse_time(base::string_at(*json, "fetched_at").value_or("")).value_or(base::Wall{});
  about.keep_until = parse_time(base::string_at(*json, "keep_until").value_or(""));
  return about;
}

}  // namespace

bool is_recording_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxId && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string make_id(std::string_view title, std::string_view address) {
  auto id = lib::glib::slug(title, kMaxId);
  if (!id.empty()) return id;
  const auto web = lib::glib::parse_web_address(address);
  std::string_view path = web ? std::string_view{web->path} : std::string_view{};
  // Cloudflare's ".../<id>/manifest/video.m3u8" and the like: the names that all recordings share tell
  // nothing.
  constexpr std::array<std::string_view, 8> kCommon{"video",    "manifest", "index",  "master",
                                                    "playlist", "main",     "stream", "media"};
  while (!path.empty()) {
    const auto slash = path.rfind('/');
    auto part = slash == std::string_view::npos ? path : path.substr(slash + 1);
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    if (const auto dot = part.rfind('.'); dot != std::string_view::npos && part.size() - dot <= 6)
      part = part.substr(0, dot);
    id = lib::glib::slug(part, kMaxId);
    if (!id.empty() && std::find(kCommon.begin(), kCommon.end(), id) == kCommon.end()) return id;
  }
  return web ? lib::glib::slug(web->host, kMaxId) : "recording";
}

bool is_media_extension(std::string_view extension) noexcept {
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::optional<fs::path> find_recording(const fs::path& folder, std::string_view id) {
  if (!is_recording_id(id)) return std::nullopt;
  const auto files = media_files(folder);
  const auto found = files.find(id);
  return found == files.end() ? std::nullopt : std::optional{found->second};
}

std::vector<Recording> Library::list() const {
  std::vector<Recording> out;
  for (const auto& [id, file] : media_files(folder_)) {
    Recording recording;
    recording.id = id;
    recording.file = file;
    recording.title = file.stem().string();
    if (!base::is_utf8(recording.title)) recording.title = id;
    std::error_code error;
    const auto size = fs::file_size(file, error);
    recording.size_bytes = error ? 0 : size;
    // The note belongs to the file of exactly that name: a copied "A b.mp4" beside a fetched "a-b.mp4" is
    // nobody's to delete.
    if (const auto about = file.stem() == id ? read_about(folder_ / (id + ".json")) : std::nullopt) {
      if (!about->title.empty()) recording.title = about->title;
      recording.duration_s = about->duration_s;
      recording.keep_until = about->keep_until;
      recording.address_hash = about->address_hash;
      recording.fetched = !about->address_hash.empty();
    }
    out.push_back(std::move(recording));
  }
  return out;
}

void Library::write_about(const std::string& id, const About& about) const {
  base::Json json{{"title", about.title},
                  {"source", about.source},
                  {"address_hash", about.address_hash},
                  {"size_bytes", about.size_bytes},
                  {"fetched_at", base::to_rfc3339(about.fetched_at)}};
  if (about.duration_s) json["duration_s"] = *about.duration_s;
  if (about.keep_until) json["keep_until"] = base::to_rfc3339(*about.keep_until);
  if (!about.etag.empty()) json["etag"] = about.etag;
  base::write_atomically(folder_ / (id + ".json"), json.dump(1) + "\n");
}

bool Library::remove(std::string_view id) const {
  const auto file = find_recording(folder_, id);
  if (!file) return false;
  std::error_code error;
  fs::remove(*file, error);
  if (error) throw base::Error{base::Errc::Io, fmt::format("{}: {}", file->string(), error.message())};
  if (file->stem() == id) fs::remove(folder_ / (std::string{id} + ".json"), error);
  return true;
}

std::vector<std::string> Library::expire(base::Wall now) const {
  std::vector<std::string> out;
  for (const auto& recording : list())
    if (recording.fetched && recording.keep_until && *recording.keep_until <= now && remove(recording.id))
      out.push_back(recording.title);
  return out;
}

std::optional<base::Wall> parse_time(std::string_view text) {
  // "2027-01-15T08:00:00.000Z"
  if (text.size() != 24 || text[23] != 'Z' || text[10] != 'T' || text[19] != '.') return std::nullopt;
  const auto part = [&](std::size_t from, std::size_t count) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + from + count, value);
    return error == std::errc{} && end == text.data() + from + count ? value : -1;
  };
  const std::chrono::year_month_day date{std::chrono::year{part(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(part(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(part(8, 2))}};
  const int hour = part(11, 2), minute = part(14, 2), second = part(17, 2), milli = part(20, 3);
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
      milli < 0)
    return std::nullopt;
  return base::Wall{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + std::chrono::milliseconds{milli};
}

}  // namespace hub::recordings
