#include "hub/recordings/job.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/recordings/library.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

namespace hub::recordings {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr std::string_view kSuffix = ".part";
constexpr auto kFile = "job.json";

template <class T>
T number_at(const Json& json, const char* key, T otherwise) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<T>() : otherwise;
}

template <class T>
std::optional<T> maybe_number_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? std::optional{found->get<T>()} : std::nullopt;
}

Json to_json(const Job& job) {
  Json json{{"title", job.title},
            {"uri", job.uri},
            {"max_height", job.max_height},
            {"max_kbps", job.max_kbps},
            {"now", job.now},
            {"queued_at", base::to_rfc3339(job.queued_at)},
            {"state", job.state == Job::State::Failed ? "failed" : "queued"},
            {"size_is_estimate", job.size_is_estimate},
            {"etag", job.etag},
            {"last_modified", job.last_modified},
            {"boot", job.boot},
            {"safe_bytes", job.safe_bytes},
            {"playlist", job.playlist}};
  if (job.trouble)
    json["trouble"] = {
        {"code", base::to_string(job.trouble->code)}, {"fr", job.trouble->fr}, {"en", job.trouble->en}};
  if (job.retry) json["retry"] = base::to_rfc3339(*job.retry);
  if (job.size_bytes) json["size_bytes"] = *job.size_bytes;
  if (job.duration_s) json["duration_s"] = *job.duration_s;
  for (const auto& track : job.tracks)
    json["tracks"].push_back({{"segments", track.segments}, {"bytes", track.bytes}});
  return json;
}

std::optional<Job> from_json(const Json& json, std::string_view id) {
  const auto uri = base::string_at(json, "uri");
  if (!uri || uri->empty()) return std::nullopt;
  Job job;
  job.id = id;
  job.uri = *uri;
  job.title = base::string_at(json, "title").value_or(job.id);
  job.max_height = number_at<std::uint32_t>(json, "max_height", 360);
  job.max_kbps = number_at<std::uint32_t>(json, "max_kbps", 0);
  job.now = base::bool_at(json, "now").value_or(false);
  job.queued_at = parse_time(base::string_at(json, "queued_at").value_or("")).value_or(base::Wall{});
  job.state = base::string_at(json, "state") == "failed" ? Job::State::Failed : Job::State::Queued;
  if (const auto trouble = json.find("trouble"); trouble != json.end() && trouble->is_object())
    job.trouble =
        Trouble{base::errc_from(base::string_at(*trouble, "code").value_or("")).value_or(base::Errc::Io),
                base::string_at(*trouble, "fr").value_or(""), base::string_at(*trouble, "en").value_or("")};
  job.retry = parse_time(base::string_at(json, "retry").value_or(""));
  job.size_bytes = maybe_number_at<std::uint64_t>(json, "size_bytes");
  job.size_is_estimate = base::bool_at(json, "size_is_estimate").value_or(false);
  job.duration_s = maybe_number_at<double>(json, "duration_s");
  job.etag = base::string_at(json, "etag").value_or("");
  job.last_modified = base::string_at(json, "last_modified").value_or("");
  job.boot = base::string_at(json, "boot").value_or("");
  job.safe_bytes = number_at<std::uint64_t>(json, "safe_bytes", 0);
  job.playlist = base::string_at(json, "playlist").value_or("");
  if (const auto tracks = json.find("tracks"); tracks != json.end() && tracks->is_array())
    for (const auto& track : *tracks)
      if (track.is_object())
        job.tracks.push_back(
            {number_at<std::size_t>(track, "segments", 0), number_at<std::uint64_t>(track, "bytes", 0)});
  return job;
}

}  // namespace

fs::path job_folder(const fs::path& folder, std::string_view id) {
  return folder / std::string{id}.append(kSuffix);
}

void save_job(const fs::path& folder, const Job& job) {
  const auto own = job_folder(folder, job.id);
  std::error_code error;
  fs::create_directory(own, error);
  if (error)
    throw base::Error{base::Errc::Io, fmt::format("cannot make {}: {}", own.string(), error.message())};
  base::write_atomically(own / kFile, to_json(job).dump(1) + "\n");
  base::sync_folder(folder);
}

std::optional<Job> load_job(const fs::path& folder, std::string_view id) {
  if (!is_recording_id(id)) return std::nullopt;
  std::ifstream stream{job_folder(folder, id) / kFile, std::ios::binary};
  const auto json = base::parse_json(std::string{std::istreambuf_iterator<char>{stream}, {}});
  return json && json->is_object() ? from_json(*json, id) : std::nullopt;
}

std::vector<Job> list_jobs(const fs::path& folder) {
  std::vector<Job> out;
  std::error_code error;
  for (fs::directory_iterator next{folder, error}, end; !error && next != end; next.increment(error)) {
    const auto name = next->path().filename().string();
    if (!name.ends_with(kSuffix)) continue;
    if (auto job = load_job(folder, std::string_view{name}.substr(0, name.size() - kSuffix.size())))
      out.push_back(std::move(*job));
  }
  std::sort(out.begin(), out.end(), [](const Job& a, const Job& b) {
    return std::tie(a.queued_at, a.id) < std::tie(b.queued_at, b.id);
  });
  return out;
}

std::uint64_t job_bytes(const fs::path& folder, std::string_view id) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator next{job_folder(folder, id), error}, end; !error && next != end;
       next.increment(error)) {
    const auto name = next->path().filename().string();
    std::error_code ignored;
    if (!name.starts_with("media")) continue;
    if (const auto size = fs::file_size(next->path(), ignored); !ignored) bytes += size;
  }
  return bytes;
}

void remove_job(const fs::path& folder, std::string_view id) {
  std::error_code error;
  fs::remove_all(job_folder(folder, id), error);
  if (error)
    throw base::Error{base::Errc::Io,
                      fmt::format("cannot remove {}: {}", job_folder(folder, id).string(), error.message())};
}

}  // namespace hub::recordings
