#include "hub/web/assets.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <set>
#include <string>

namespace {

using hub::web::Asset;
using hub::web::assets;

/// ISIZE of RFC 1952, section 2.3.1: the length of what was compressed, in the last four bytes.
std::size_t unpacked_bytes(const Asset& asset) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{asset.gzip[asset.gzip.size() - 4 + i]} << (8 * i);
  return size;
}

}  // namespace

TEST_CASE("each embedded file is one whole gzip member") {
  for (const Asset& asset : assets()) {
    CAPTURE(asset.path);
    REQUIRE(asset.gzip.size() > 18);
    CHECK(asset.gzip[0] == 0x1f);
    CHECK(asset.gzip[1] == 0x8b);
    CHECK(asset.gzip[2] == 8);
    CHECK(unpacked_bytes(asset) > 0);
    CHECK(unpacked_bytes(asset) < 1'000'000);
  }
}

TEST_CASE("the page is at the root and may not be cached; all else carries its hash") {
  std::set<std::string_view> paths;
  for (const Asset& asset : assets()) {
    CAPTURE(asset.path);
    CHECK(paths.insert(asset.path).second);
    CHECK(asset.path.starts_with('/'));
    // A page has no extension; everything else bears a hash of its content in its name.
    CHECK(asset.immutable == (asset.path.find('.') != std::string_view::npos));
    CHECK(!asset.content_type.empty());
    REQUIRE(asset.etag.size() > 2);
    CHECK(asset.etag.front() == '"');
    CHECK(asset.etag.back() == '"');
  }
  CHECK(paths.contains("/"));
  const auto with = [&paths](std::string_view begin) {
    return std::any_of(paths.begin(), paths.end(),
                       [&](std::string_view path) { return path.starts_with(begin); });
  };
  CHECK(with("/app."));
  CHECK(with("/hls."));
  CHECK(with("/style."));
}
