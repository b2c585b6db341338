#pragma once
#include "hub/channels/directory.h"
#include "hub/channels/marks.h"
#include "hub/channels/outlet.h"
#include "hub/channels/settings.h"
#include "hub/packager/audio_stream.h"
#include "hub/packager/packager.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hub::channels {

/// The outlet of a real channel: a packager and two audio streams, made anew at each open() so that nothing
/// of an earlier day is listed, with numbers that go on from the last mark.
/// @context thread-bound: relay
class PackagerOutlet final : public Outlet, packager::Packager::Listener {
 public:
  using SaveMark = std::function<void(Mark)>;
  /// @param outputs  its publications are what this fills.
  /// @param mark  as stored last. @param save_mark  called when a mark has to be stored.
  PackagerOutlet(std::shared_ptr<const Outputs> outputs, const RelaySettings& relay, const base::Clock& clock,
                 std::string start_id, Mark mark, SaveMark save_mark);

  void open(bool video, bool audio) override;
  void begin(std::span<const stream::Track> tracks) override;
  void push(const stream::Unit& unit, base::Wall release) override;
  void end() override;
  [[nodiscard]] bool playable() const override;
  void close() override;
  [[nodiscard]] AudioOutlet& mp3() override { return mp3_; }
  [[nodiscard]] AudioOutlet& aac() override { return aac_; }

 private:
  class Audio final : public AudioOutlet {
   public:
    explicit Audio(std::shared_ptr<packager::AudioPublication> publication);
    void begin(const stream::Track& track) override;
    void push(const stream::Unit& unit) override;
    void set_title(const std::string& title) override;
    [[nodiscard]] std::size_t listeners() const override;
    void close();

   private:
    std::shared_ptr<packager::AudioPublication> publication_;
    std::string title_;
    std::optional<packager::AudioStream> stream_;
  };

  void on_mark(std::uint64_t msn, std::uint64_t discontinuity) override;

  std::shared_ptr<const Outputs> outputs_;
  const RelaySettings& relay_;
  const base::Clock& clock_;
  std::string start_id_;
  Mark mark_;
  SaveMark save_mark_;
  Audio mp3_, aac_;
  std::unique_ptr<packager::Packager> packager_;
};

}  // namespace hub::channels
