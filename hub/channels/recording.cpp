#include "hub/channels/recording.h"

#include "hub/base/source_uri.h"

#include <fmt/format.h>

namespace hub::channels {
namespace {

constexpr std::size_t kMaxId = 36;  // leaves room for "-100"

/// What stands for the letters U+00C0 to U+00FF in an id; ' ' for what is no letter.
constexpr std::string_view kLatin = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";

}  // namespace

base::Result<std::string> source_address(const std::string& uri, const FindRecording& find) {
  if (!uri.starts_with(kRecordingScheme)) return std::string{uri};
  const std::string id = uri.substr(kRecordingScheme.size());
  if (const auto file = find ? find(id) : std::nullopt) return base::source_uri(file->string(), "/");
  return base::Failure{
      base::Errc::NotFound,
      fmt::format("there is no recording '{0}'; fetch it, or copy it as {0}.mp4 into the folder "
                  "of recordings",
                  id)};
}

std::string make_channel_id(std::string_view title, const std::function<bool(const std::string&)>& taken) {
  std::string id;
  for (std::size_t i = 0; i < title.size() && id.size() < kMaxId; ++i) {
    const auto byte = static_cast<unsigned char>(title[i]);
    char c = ' ';
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')) c = title[i];
    if (byte >= 'A' && byte <= 'Z') c = static_cast<char>(byte - 'A' + 'a');
    if (byte == 0xC3 && i + 1 < title.size())
      c = kLatin[static_cast<unsigned char>(title[++i]) & 0x3FU];
    else if (byte >= 0xC0)  // any other letter of two to four bytes
      while (i + 1 < title.size() && (static_cast<unsigned char>(title[i + 1]) & 0xC0U) == 0x80U) ++i;
    if (c != ' ')
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  if (id.empty()) id = "channel";
  std::string free = id;
  for (int n = 2; taken(free); ++n) free = fmt::format("{}-{}", id, n);
  return free;
}

}  // namespace hub::channels
