#pragma once
#include "hub/base/clock.h"
#include "hub/lib/gst/ref.h"
#include "hub/stream/job.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hub::media {

using lib::glib::Ref;

/// What a source kind is asked for.
struct SourceRequest {
  std::string uri;
  stream::Job::Kind kind = stream::Job::Kind::Auto;
  std::chrono::milliseconds buffer{200};
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds start{0};  ///< of recordings: where to begin
};

/// The front of a pipeline. The elements are linked in order; the last one gives, by "pad-added" and
/// "no-more-pads", encoded elementary streams (parsed) or RTP.
struct SourceParts {
  std::vector<Ref<GstElement>> chain;
  /// Jitter buffer that the relay keeps; 0 if the source brings its own or cannot be late.
  base::Nanos hold{0};
  /// How far media is read ahead of what is released, for a source that lets itself be slowed down.
  base::Nanos read_ahead = std::chrono::seconds{1};
  /// The network is inside of the last element: what is pulled is counted by its payload.
  bool pulls_inside = false;
  /// A recording: it has a length and positions, and begins at @p start.
  bool is_recording = false;
  base::Nanos start{0};
  /// A typefind element of the chain: what it finds may lead to another kind. May be empty.
  Ref<GstElement> typefind;
};

/// One kind of source: a row of the table in source.cpp and a file in sources/.
struct SourceKind {
  std::string_view name;
  std::span<const std::string_view> schemes;
  std::span<const std::string_view> extensions;  ///< of the address; empty: any
  /// Builds the front; nullptr: the address names a list, which leads to another address.
  /// @throws base::Error if an element is missing or the address makes no sense.
  SourceParts (*create)(const SourceRequest& request);
};

/// For sources that nothing can slow down: what comes is taken.
inline constexpr base::Nanos kTakeAll = std::chrono::minutes{1};

/// The kinds in the order in which an address is matched against them.
[[nodiscard]] std::span<const SourceKind> source_kinds() noexcept;
/// The kind of @p uri; nullptr if there is none.
[[nodiscard]] const SourceKind* find_kind(const std::string& uri);
/// The kind called @p name, which must be in the table.
[[nodiscard]] const SourceKind& kind_named(std::string_view name);

// One per file in sources/.
[[nodiscard]] SourceParts create_demo(const SourceRequest& request);
[[nodiscard]] SourceParts create_file(const SourceRequest& request);
[[nodiscard]] SourceParts create_adaptive(const SourceRequest& request);
[[nodiscard]] SourceParts create_http(const SourceRequest& request);
[[nodiscard]] SourceParts create_rtmp(const SourceRequest& request);
[[nodiscard]] SourceParts create_rtsp(const SourceRequest& request);
[[nodiscard]] SourceParts create_srt(const SourceRequest& request);
[[nodiscard]] SourceParts create_slate(const SourceRequest& request);
[[nodiscard]] SourceParts create_udp(const SourceRequest& request);

/// A souphttpsrc for @p uri: user and password taken out of the address, time-out set, titles asked for.
[[nodiscard]] Ref<GstElement> make_http_element(const SourceRequest& request);

}  // namespace hub::media
