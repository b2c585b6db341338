#pragma once
#include "hub/base/bytes.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace hub::packager {

/// What one media request may ask for beside the file (draft-pantos-hls-rfc8216bis, 6.2.5).
struct HlsQuery {
  std::optional<std::uint64_t> msn;   ///< _HLS_msn
  std::optional<std::uint64_t> part;  ///< _HLS_part; needs msn
  bool skip = false;                  ///< _HLS_skip=YES or v2
};

/// The answer to a media request against one snapshot.
struct HlsAnswer {
  enum class Status {
    Ready,    ///< body holds it
    Pending,  ///< it will exist soon (a part that is hinted, a playlist that is blocked on): ask the next
              ///< snapshot
    Missing,  ///< there is no such file, or no more
    Bad       ///< the query makes no sense (400): msn far ahead, part without msn
  };
  Status status = Status::Missing;
  base::Blob body;
  const char* content_type = "";
  bool immutable = false;  ///< segments, parts, inits: may be cached for the window; playlists: may not
};

/// All that a channel's HLS output holds at one moment. Immutable, so that any number of threads read it.
class HlsSnapshot {
 public:
  HlsSnapshot() = default;
  HlsSnapshot(const HlsSnapshot&) = delete;
  HlsSnapshot& operator=(const HlsSnapshot&) = delete;
  virtual ~HlsSnapshot() = default;
  /// @param file  the last path component: "master.m3u8", "main.m3u8", "audio.m3u8",
  /// "main-<start>-<msn>.<part>.m4s", …
  [[nodiscard]] virtual HlsAnswer get(std::string_view file, const HlsQuery& query) const = 0;
  /// Three segments or 6 s are listed: players can begin.
  [[nodiscard]] virtual bool playable() const = 0;
  /// How long a blocked request may wait before it is answered 503 (three target durations).
  [[nodiscard]] virtual std::chrono::milliseconds max_wait() const = 0;
};

/// Endless progressive audio as a window of chunks of whole frames.
struct AudioWindow {
  std::uint64_t first = 0;        ///< sequence number of chunks.front(); numbers never go back
  std::deque<base::Blob> chunks;  ///< about 6 s; each 100 to 500 ms
  std::string title;              ///< for ICY StreamTitle, UTF-8
  std::size_t burst_chunks = 0;   ///< how many of the newest a new listener gets at once (about 2 s)
  [[nodiscard]] std::uint64_t end() const { return first + chunks.size(); }
};

/// A mailbox with one writer (the relay thread) and any number of readers: holds the newest immutable
/// snapshot and wakes subscribers. All members are thread-safe.
template <class Snapshot>
class Publication {
 public:
  using Wake = std::function<void()>;
  Publication() = default;
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  /// Null until the first publish(), and again after clear().
  [[nodiscard]] std::shared_ptr<const Snapshot> current() const {
    const std::lock_guard lock{mutex_};
    return current_;
  }
  /// Replaces the snapshot (null = the output stopped) and calls every wake, in the caller's thread, with the
  /// lock held: a wake only posts to its loop.
  void publish(std::shared_ptr<const Snapshot> snapshot) {
    const std::lock_guard lock{mutex_};
    current_ = std::move(snapshot);
    for (const auto& [id, wake] : wakes_) wake();
  }
  /// Calls @p wake after each publish() until unsubscribe(). @return an id for unsubscribe.
  [[nodiscard]] std::uint64_t subscribe(Wake wake) {
    const std::lock_guard lock{mutex_};
    wakes_.emplace(++last_id_, std::move(wake));
    return last_id_;
  }
  /// After it returns, the wake is not called again.
  void unsubscribe(std::uint64_t id) {
    const std::lock_guard lock{mutex_};
    wakes_.erase(id);
  }
  [[nodiscard]] std::size_t subscribers() const {
    const std::lock_guard lock{mutex_};
    return wakes_.size();
  }

 private:
  mutable std::mutex mutex_;  // guards everything below
  std::shared_ptr<const Snapshot> current_;
  std::map<std::uint64_t, Wake> wakes_;
  std::uint64_t last_id_ = 0;
};

using HlsPublication = Publication<HlsSnapshot>;
/// For audio, subscribers() is the number of listeners: the relay encodes MP3 only while it is above 0.
using AudioPublication = Publication<AudioWindow>;

}  // namespace hub::packager
