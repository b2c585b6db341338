#include "hub/recordings/media_type.h"

#include "hub/recordings/library.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace hub::recordings {
namespace {

using namespace std::string_view_literals;

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_page(std::string_view first) {
  const auto begin = first.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return begin != std::string_view::npos && first[begin] == '<';
}

/// The container by its signature; empty if it has none that we know.
std::string_view extension_of(std::string_view b) {
  const auto has = [&](std::size_t at, std::string_view mark) {
    return b.size() >= at + mark.size() && b.substr(at, mark.size()) == mark;
  };
  if (has(4, "ftyp") || has(4, "moov") || has(4, "styp") || has(4, "moof")) return ".mp4";
  if (has(4, "mdat") || has(4, "wide") || has(4, "free") || has(4, "skip")) return ".mov";
  if (has(0, "\x1A\x45\xDF\xA3")) return ".mkv";
  if (has(0, "OggS")) return ".ogg";
  if (has(0, "fLaC")) return ".flac";
  if (has(0, "FLV\x01")) return ".flv";
  if (has(0, "RIFF") && has(8, "WAVE")) return ".wav";
  if (has(0, "RIFF") && has(8, "AVI ")) return ".avi";
  if (has(0, "\x00\x00\x01\xBA"sv)) return ".mpg";
  if (has(0, "\x47") && (b.size() <= 188 || b[188] == '\x47')) return ".ts";
  if (has(0, "ID3")) return ".mp3";
  if (b.size() >= 2 && b[0] == '\xFF') {
    const auto second = static_cast<unsigned char>(b[1]);
    if ((second & 0xF6U) == 0xF0U) return ".aac";                           // ADTS
    if ((second & 0xE0U) == 0xE0U && (second & 0x06U) != 0) return ".mp3";  // MPEG audio, layer I to III
  }
  return {};
}

}  // namespace

Outcome<MediaType> media_type(std::string_view content_type, std::string_view path, std::string_view first) {
  if (first.starts_with("#EXTM3U") || first.starts_with("\xEF\xBB\xBF#EXTM3U")) return MediaType{true, {}};
  const auto type = lower(content_type.substr(0, content_type.find(';')));
  if (is_page(first) || type == "text/html" || type == "application/xhtml+xml")
    return Trouble{
        base::Errc::Unsupported,
        "L'adresse mène à une page web, pas à un enregistrement : il faut celle du fichier ou de sa "
        "liste .m3u8.",
        "The address leads to a web page, not to a recording: give the one of the file or of its .m3u8 "
        "playlist."};
  auto extension = std::string{extension_of(first)};
  if (extension == ".mkv" && type == "video/webm") extension = ".webm";
  if (extension == ".mp4" && type == "audio/mp4") extension = ".m4a";
  if (extension == ".mp3" && type == "audio/aac") extension = ".aac";  // ADTS behind an ID3 tag
  if (!extension.empty()) return MediaType{false, extension};
  const auto dot = path.rfind('.');
  const auto named = dot == std::string_view::npos ? std::string{} : lower(path.substr(dot));
  if ((type.starts_with("video/") || type.starts_with("audio/")) && is_media_extension(named))
    return MediaType{false, named};
  return Trouble{
      base::Errc::Unsupported,
      fmt::format("Ce que le serveur envoie n'est pas un enregistrement que le hub connaît (type : {}).",
                  type.empty() ? "non dit" : type),
      fmt::format("What the server sends is no recording that the hub knows (type: {}).",
                  type.empty() ? "not said" : type)};
}

}  // namespace hub::recordings
