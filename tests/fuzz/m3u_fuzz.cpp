#include "hub/media/list_parser.h"
#include "hub/media/title.h"
#include "hub/media/uri.h"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub::media;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto entry = parse_list(text, "http://host.example/room.m3u");
  if (entry && !is_network_scheme(scheme_of(entry->uri))) std::abort();
  const std::string uri{text.substr(0, 300)};
  (void)redacted(uri);
  (void)split_credentials(uri);
  (void)scrubbed("text " + uri, uri);
  (void)tcp_endpoint(uri);
  if (clean_title(text).size() > 500) std::abort();
  return 0;
}
