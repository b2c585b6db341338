#pragma once
#include "hub/packager/playlist.h"
#include "hub/packager/publication.h"

#include <chrono>
#include <memory>
#include <string_view>

namespace hub::packager {

/// The HLS output of a channel as the web threads see it.
class Snapshot final : public HlsSnapshot {
 public:
  struct Content {
    std::shared_ptr<const PlaylistView> main;   ///< main.m3u8
    std::shared_ptr<const PlaylistView> audio;  ///< audio.m3u8; the same as main where there is only sound;
                                                ///< null without sound
    base::Blob master;                          ///< null until its bandwidth is known
  };
  explicit Snapshot(Content content) : content_{std::move(content)} {}

  [[nodiscard]] HlsAnswer get(std::string_view file, const HlsQuery& query) const override;
  [[nodiscard]] bool playable() const override;
  [[nodiscard]] std::chrono::milliseconds max_wait() const override;

 private:
  Content content_;
};

/// Whether players can begin with @p view: three segments or 6 s are listed.
[[nodiscard]] bool playable(const PlaylistView& view);

}  // namespace hub::packager
