#include "hub/packager/snapshot.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace hub::packager {
namespace {

constexpr const char* kPlaylistType = "application/vnd.apple.mpegurl";
constexpr const char* kMediaType = "video/mp4";
constexpr const char* kAudioType = "audio/mp4";

using Status = HlsAnswer::Status;

HlsAnswer status(Status value) {
  return {value, nullptr, "", false};
}

/// Takes @p prefix off the front of @p text.
bool eat(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes a number as we write it: no sign, no leading zero.
std::optional<std::uint64_t> eat_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || (text.front() == '0' && rest - text.data() > 1)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return value;
}

/// The draft, 6.2.5.2: whether the playlist that @p query waits for is here.
Status blocked(const PlaylistView& view, const HlsQuery& query) {
  if (!query.msn) return query.part ? Status::Bad : Status::Ready;
  auto msn = *query.msn;
  // The newest closed segment has the number next_msn - 1.
  if (msn > view.next_msn && msn - view.next_msn > 1) return Status::Bad;
  if (!query.part) return msn < view.next_msn ? Status::Ready : Status::Pending;
  auto part = *query.part;
  if (msn < view.next_msn) {
    // Past the last part of a closed segment is the first part of the next one.
    const bool newest = msn + 1 == view.next_msn && view.listed_segments() > 0;
    if (!newest || part < view.segments.back().parts->size()) return Status::Ready;
    ++msn;
    part = 0;
  }
  const auto have = msn == view.next_msn ? view.open.parts.size() : 0;
  if (part < have) return Status::Ready;
  const base::Nanos target = view.profile.part_target;
  const auto ahead = static_cast<std::uint64_t>((std::chrono::seconds{3} + target - base::Nanos{1}) / target);
  return part - have > ahead ? Status::Bad : Status::Pending;
}

HlsAnswer playlist(const PlaylistView& view, const HlsQuery& query) {
  const auto wait = blocked(view, query);
  if (wait == Status::Bad) return status(wait);
  if (wait == Status::Pending || view.empty()) return status(Status::Pending);
  return {Status::Ready, query.skip ? view.delta : view.full, kPlaylistType, false};
}

HlsAnswer init(const PlaylistView& view, std::uint64_t discontinuity, const char* type) {
  const auto is_it = [&](const std::shared_ptr<const Init>& candidate) {
    return candidate && candidate->discontinuity == discontinuity;
  };
  if (is_it(view.open.init)) return {Status::Ready, view.open.init->blob, type, true};
  for (const auto& entry : view.segments)
    if (is_it(entry.segment->init)) return {Status::Ready, entry.segment->init->blob, type, true};
  return status(Status::Missing);
}

HlsAnswer part(const PlaylistView& view, std::uint64_t msn, std::uint64_t index, const char* type) {
  const std::vector<Part>* parts = nullptr;
  if (msn == view.next_msn) {
    if (index == view.open.parts.size()) return status(Status::Pending);  // it is hinted
    parts = &view.open.parts;
  } else if (msn < view.next_msn && view.next_msn - msn <= view.segments.size()) {
    parts = view.segments[view.segments.size() - (view.next_msn - msn)].parts.get();
  }
  if (!parts || index >= parts->size()) return status(Status::Missing);
  return {Status::Ready, (*parts)[index].blob, type, true};
}

HlsAnswer media(const PlaylistView& view, std::string_view file, const char* type) {
  const auto& profile = view.profile;
  if (!eat(file, profile.name) || !eat(file, "-") || !eat(file, profile.start_id) || !eat(file, "-"))
    return status(Status::Missing);
  const bool is_init = eat(file, "init");
  const auto number = eat_number(file);
  if (!number) return status(Status::Missing);
  if (is_init) return file == ".mp4" ? init(view, *number, type) : status(Status::Missing);
  if (file == ".m4s") {
    if (*number >= view.next_msn || view.next_msn - *number > view.segments.size())
      return status(Status::Missing);
    const auto& entry = view.segments[view.segments.size() - (view.next_msn - *number)];
    return {Status::Ready, entry.segment->blob, type, true};
  }
  if (!eat(file, ".")) return status(Status::Missing);
  const auto index = eat_number(file);
  if (!index || file != ".m4s") return status(Status::Missing);
  return part(view, *number, *index, type);
}

}  // namespace

HlsAnswer Snapshot::get(std::string_view file, const HlsQuery& query) const {
  if (file == "master.m3u8") {
    if (!content_.master) return status(Status::Pending);
    return {Status::Ready, content_.master, kPlaylistType, false};
  }
  if (file == "main.m3u8") return playlist(*content_.main, query);
  if (file == "audio.m3u8")
    return content_.audio ? playlist(*content_.audio, query) : status(Status::Missing);
  const bool of_main = file.substr(0, content_.main->profile.name.size()) == content_.main->profile.name;
  if (of_main) return media(*content_.main, file, content_.audio == content_.main ? kAudioType : kMediaType);
  return content_.audio ? media(*content_.audio, file, kAudioType) : status(Status::Missing);
}

bool Snapshot::playable() const {
  return packager::playable(*content_.main);
}

std::chrono::milliseconds Snapshot::max_wait() const {
  return 3 * content_.main->profile.target_duration;
}

bool playable(const PlaylistView& view) {
  return view.listed_segments() >= 3 || view.listed() >= std::chrono::seconds{6};
}

}  // namespace hub::packager
