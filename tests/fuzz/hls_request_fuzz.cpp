#include "hub/packager/packager.h"

#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

using namespace hub;
using namespace std::chrono_literals;

/// A channel with a splice, closed and open segments, and some that left the window.
std::shared_ptr<const packager::HlsSnapshot> make_snapshot() {
  struct : packager::Packager::Listener {
    void on_mark(std::uint64_t, std::uint64_t) override {}
  } listener;
  packager::Packager::Settings settings;
  settings.window = 12s;
  settings.first_msn = 1000;
  settings.start_id = "k3";
  const auto publication = std::make_shared<packager::HlsPublication>();
  packager::Packager packager{settings, publication, listener};
  const std::vector<stream::Track> tracks{
      {0,
       stream::Codec::H264,
       {1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x1f, 1, 0, 4, 0x68, 0xee, 0x3c, 0x80},
       640,
       360,
       0,
       0,
       0,
       ""},
      {1, stream::Codec::Aac, {0x11, 0x90}, 0, 0, 48'000, 2, 0, ""}};
  for (int run = 0; run < 2; ++run) {
    packager.begin(tracks);
    for (int i = 0; i < 25 * 21; ++i) {
      const base::Nanos at = run * 30s + i * 40ms;
      for (const std::uint8_t track : {std::uint8_t{0}, std::uint8_t{1}})
        packager.push({track, track == 1 || i % 50 == 0, at, at, 40ms, base::make_blob({1, 2, 3})},
                      base::Wall{});
    }
  }
  return publication->current();
}

}  // namespace

// Query numbers (8 bytes each), one byte of flags, then the file name. Whatever is asked for, the answer must
// be whole: a body if and only if it is Ready, and a type with it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto snapshot = make_snapshot();
  if (size < 17) return 0;
  packager::HlsQuery query;
  std::uint64_t msn = 0, part = 0;
  std::memcpy(&msn, data, 8);
  std::memcpy(&part, data + 8, 8);
  const auto flags = data[16];
  if ((flags & 1U) != 0) query.msn = (flags & 8U) != 0 ? 1000 + msn % 64 : msn;
  if ((flags & 2U) != 0) query.part = (flags & 8U) != 0 ? part % 16 : part;
  query.skip = (flags & 4U) != 0;
  const std::string_view file{reinterpret_cast<const char*>(data + 17), size - 17};
  const auto answer = snapshot->get(file, query);
  const bool ready = answer.status == packager::HlsAnswer::Status::Ready;
  if (ready != (answer.body != nullptr) || !answer.content_type) std::abort();
  if (ready && (answer.body->empty() || *answer.content_type == '\0')) std::abort();
  return 0;
}
