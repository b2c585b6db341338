#include "hub/base/error.h"
#include "hub/lib/gst/element.h"
#include "hub/media/source.h"
#include "hub/media/uri.h"

#include <filesystem>

#include <fmt/format.h>

namespace hub::media {
namespace {

std::string path_of(const std::string& uri) {
  if (uri.starts_with('/')) return uri;
  const lib::glib::GCharPtr path{g_filename_from_uri(uri.c_str(), nullptr, nullptr)};
  if (!path)
    throw base::Error{
        base::Errc::Invalid,
        fmt::format("{} is not the address of a file: write file:///path/to/recording.mp4", uri)};
  return path.get();
}

}  // namespace

/// Recordings. Anything that parsebin can take apart.
SourceParts create_file(const SourceRequest& request) {
  const std::string path = path_of(request.uri);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw base::Error{base::Errc::NotFound, fmt::format("there is no file {}", path)};
  auto source = lib::gst::make_element("filesrc");
  g_object_set(source.get(), "location", path.c_str(), nullptr);
  SourceParts parts;
  parts.is_recording = true;
  parts.start = request.start;
  parts.chain = {std::move(source), lib::gst::make_element("parsebin")};
  return parts;
}

}  // namespace hub::media
