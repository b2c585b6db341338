// Any bytes as hub.toml: either settings or base::Error, never anything else.
#include "hub/base/error.h"
#include "hub/base/json.h"
#include "hub/config/config.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    const auto file = hub::config::parse(text, "hub.toml", "/srv/hub");
    if (!file.data_dir.is_absolute()) std::abort();
    for (const auto& channel : file.channels)
      if (channel.id.empty() || channel.sources.size() != 1) std::abort();
  } catch (const hub::base::Error& error) {
    // Goes to a terminal and to the log.
    if (error.code() != hub::base::Errc::Config || !hub::base::is_utf8(error.what())) std::abort();
  }
  return 0;
}
