#include "hub/web/files.h"

#include "hub/base/error.h"
#include "hub/lib/soup/body.h"
#include "hub/web/head.h"
#include "hub/web/texts.h"

#include <fmt/format.h>

namespace hub::lib::glib {
template <>
struct RefTraits<GConverter> : ObjectRefTraits<GConverter> {};
}  // namespace hub::lib::glib

namespace hub::web {
namespace {

base::Blob gunzip(std::span<const std::uint8_t> packed, std::string_view path) {
  const auto converter =
      lib::glib::Ref<GConverter>::adopt(G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP)));
  base::Bytes out;
  base::Bytes buffer(1U << 16U);
  std::size_t read = 0;
  GConverterResult result = G_CONVERTER_CONVERTED;
  while (result != G_CONVERTER_FINISHED) {
    gsize took = 0;
    gsize gave = 0;
    GError* raw = nullptr;
    result = g_converter_convert(converter.get(), packed.data() + read, packed.size() - read, buffer.data(),
                                 buffer.size(), G_CONVERTER_INPUT_AT_END, &took, &gave, &raw);
    const lib::glib::GErrorPtr error{raw};
    if (result == G_CONVERTER_ERROR)
      throw base::Error{base::Errc::Internal, fmt::format("asset {}: {}", path, error->message)};
    read += took;
    out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(gave));
  }
  return base::make_blob(std::move(out));
}

/// ws: is named beside 'self' because WebKit before 15.4 does not count it in. The host was checked.
std::string content_policy(const std::string& host) {
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
      "media-src 'self' blob:; connect-src 'self'{}; worker-src 'self' blob:; manifest-src 'self'; "
      "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      host.empty() ? "" : " ws://" + host);
}

}  // namespace

Files::Files(std::span<const Asset> assets) {
  for (const auto& asset : assets)
    files_.emplace(
        asset.path,
        File{&asset, gunzip(asset.gzip, asset.path),
             lib::glib::Ref<GBytes>::adopt(g_bytes_new_static(asset.gzip.data(), asset.gzip.size()))});
}

void add_security_headers(Exchange& exchange) {
  exchange.header("X-Content-Type-Options", "nosniff");
  exchange.header("Referrer-Policy", "no-referrer");
}

void Files::answer(Exchange& exchange) const {
  const auto& head = *exchange.head;
  const auto found = files_.find(std::string_view{head.request.path});
  if (found == files_.end()) {
    exchange.respond(error_response(fail(base::Errc::NotFound, Text::NoSuchPage, head.request.language)));
    return;
  }
  const auto& [asset, plain, gzip] = found->second;
  exchange.header("ETag", asset->etag);
  exchange.header("Vary", "Accept-Encoding");
  exchange.header("Cache-Control", asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (asset->content_type.starts_with("text/html")) {
    exchange.header("Content-Security-Policy", content_policy(head.request.host));
    exchange.header("X-Frame-Options", "DENY");
  }
  if (!asset->etag.empty() && head.if_none_match.find(asset->etag) != std::string::npos) {
    exchange.respond(304, "", {});
    return;
  }
  if (head.accepts_gzip) {
    exchange.header("Content-Encoding", "gzip");
    exchange.respond(200, asset->content_type, gzip);
  } else {
    exchange.respond(200, asset->content_type, lib::soup::bytes_of(plain));
  }
}

}  // namespace hub::web
