#pragma once
#include "hub/packager/publication.h"
#include "hub/stream/track.h"

#include <cstdint>
#include <memory>
#include <string>

namespace hub::packager {

/// Endless progressive audio of one channel (/audio/<channel>.mp3 or .aac): gathers whole frames into chunks
/// of about 200 ms and publishes the window. AAC frames get an ADTS header (ISO/IEC 13818-7, 6.2).
/// @context thread-bound: relay
class AudioStream {
 public:
  explicit AudioStream(std::shared_ptr<AudioPublication> publication);
  AudioStream(const AudioStream&) = delete;
  AudioStream& operator=(const AudioStream&) = delete;
  ~AudioStream();

  /// The track of the units to come: Mp3, or Aac (AAC-LC at a rate that ADTS can name; else the stream stays
  /// silent, as it does while codec, rate or channels differ from those of the first track).
  void begin(const stream::Track& track);
  void push(const stream::Unit& unit);
  /// For ICY; shown from the next chunk on.
  void set_title(std::string title);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hub::packager
