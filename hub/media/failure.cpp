#include "hub/media/failure.h"

#include "hub/lib/glib/ref.h"
#include "hub/media/uri.h"

#include <array>
#include <string_view>

#include <fmt/format.h>
#include <gio/gio.h>

namespace hub::media {
namespace {

using base::Errc;
using base::Failure;

/// Words of transport errors that reach us only as text, because the element gives them no code of their own.
struct Phrase {
  std::string_view part;
  Errc code;
};
constexpr std::array kPhrases{
    Phrase{"Connection refused", Errc::Refused},
    Phrase{"Could not resolve", Errc::Unreachable},
    Phrase{"Error resolving", Errc::Unreachable},
    Phrase{"Name or service not known", Errc::Unreachable},
    Phrase{"Network is unreachable", Errc::Unreachable},
    Phrase{"No route to host", Errc::Unreachable},
    Phrase{"timed out", Errc::Unreachable},
    Phrase{"Timeout while", Errc::Unreachable},
    Phrase{"NetStream.Play.StreamNotFound", Errc::NotFound},
};

std::string sentence(Errc code, const std::string& uri) {
  const std::string at = redacted(uri);
  switch (code) {
    case Errc::Refused:
      return fmt::format("{} refused the connection: is the server running, and is the port right?", at);
    case Errc::Unreachable:
      return fmt::format("{} cannot be reached: check the uplink, the name and the port", at);
    case Errc::NotFound:
      return fmt::format("nothing is there at {}: check the address, or wait until the stream has begun", at);
    case Errc::NotAuthorised:
      return fmt::format("{} wants a user name and password, or does not accept the ones given", at);
    case Errc::Unsupported:
      return fmt::format("{} is not audio or video that this hub can play", at);
    case Errc::Stalled:
      return fmt::format("{} is connected, but nothing comes any more", at);
    case Errc::Ended:
      return fmt::format("{} has ended", at);
    default:
      return fmt::format("the stream from {} broke off", at);
  }
}

Failure with_reason(Errc code, const std::string& uri, const std::string& reason) {
  std::string text = sentence(code, uri);
  if (!reason.empty()) text += fmt::format(" ({})", scrubbed(reason, uri));
  return {code, std::move(text)};
}

std::optional<Errc> from_phrases(const PipelineError& error) {
  for (const auto& phrase : kPhrases)
    if (error.message.find(phrase.part) != std::string::npos ||
        error.debug.find(phrase.part) != std::string::npos)
      return phrase.code;
  return std::nullopt;
}

Errc from_resource_code(int code, bool delivering) {
  switch (code) {
    case GST_RESOURCE_ERROR_NOT_FOUND:
      return Errc::NotFound;
    case GST_RESOURCE_ERROR_NOT_AUTHORIZED:
      return Errc::NotAuthorised;
    case GST_RESOURCE_ERROR_OPEN_READ:
    case GST_RESOURCE_ERROR_OPEN_READ_WRITE:
      return delivering ? Errc::Io : Errc::Unreachable;
    default:
      return Errc::Io;
  }
}

Errc from_stream_code(int code, bool delivering) {
  switch (code) {
    case GST_STREAM_ERROR_TYPE_NOT_FOUND:
    case GST_STREAM_ERROR_WRONG_TYPE:
    case GST_STREAM_ERROR_CODEC_NOT_FOUND:
    case GST_STREAM_ERROR_NOT_IMPLEMENTED:
    case GST_STREAM_ERROR_DECRYPT:
    case GST_STREAM_ERROR_DECRYPT_NOKEY:
      return Errc::Unsupported;
    case GST_STREAM_ERROR_DEMUX:
    case GST_STREAM_ERROR_FORMAT:
      // A container that cannot be read from its beginning will not be read next time either.
      return delivering ? Errc::Io : Errc::Unsupported;
    default:
      return Errc::Io;
  }
}

}  // namespace

PipelineError error_from(GstMessage* message) {
  PipelineError out;
  GError* raw = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message, &raw, &debug);
  const lib::glib::GErrorPtr error{raw};
  const lib::glib::GCharPtr debug_text{debug};
  out.domain = error->domain;
  out.code = error->code;
  out.message = error->message ? error->message : "";
  out.debug = debug ? debug : "";
  const GstStructure* details = nullptr;
  gst_message_parse_error_details(message, &details);
  guint status = 0;
  if (details && gst_structure_get_uint(details, "http-status-code", &status)) out.http_status = status;
  if (GST_IS_ELEMENT(GST_MESSAGE_SRC(message))) {
    GstElementFactory* factory = gst_element_get_factory(GST_ELEMENT(GST_MESSAGE_SRC(message)));
    if (factory) out.element = GST_OBJECT_NAME(factory);
  }
  return out;
}

bool is_vague(const PipelineError& error) {
  return !error.http_status && !from_phrases(error) && error.domain != GST_CORE_ERROR &&
         !(error.domain == GST_RESOURCE_ERROR &&
           (error.code == GST_RESOURCE_ERROR_NOT_FOUND || error.code == GST_RESOURCE_ERROR_NOT_AUTHORIZED)) &&
         !(error.domain == GST_STREAM_ERROR && from_stream_code(error.code, false) == Errc::Unsupported);
}

Failure from_http_status(unsigned status, const std::string& uri) {
  const std::string reason = fmt::format("HTTP {}", status);
  switch (status) {
    case 401:
    case 403:
    case 407:
      return with_reason(Errc::NotAuthorised, uri, reason);
    case 404:
    case 410:
      return with_reason(Errc::NotFound, uri, reason);
    case 502:
    case 503:
    case 504:
      return with_reason(Errc::Unreachable, uri, reason);
    default:
      return with_reason(Errc::Io, uri, reason);
  }
}

Failure from_connect_error(const GError& error, const std::string& uri) {
  if (error.domain == G_IO_ERROR && error.code == G_IO_ERROR_CONNECTION_REFUSED)
    return with_reason(Errc::Refused, uri, "");
  return with_reason(Errc::Unreachable, uri, error.message ? error.message : "");
}

Failure classify(const PipelineError& error, const std::string& uri, bool delivering) {
  if (error.http_status && *error.http_status >= 400) return from_http_status(*error.http_status, uri);
  if (error.domain == GST_CORE_ERROR && error.code == GST_CORE_ERROR_MISSING_PLUGIN)
    return with_reason(Errc::Unsupported, uri, error.message);
  // Only what talks to the network names network reasons; a decoder that says "401" means something else.
  if (error.domain == GST_RESOURCE_ERROR && !delivering)
    if (const auto code = from_phrases(error)) return with_reason(*code, uri, "");
  if (error.domain == GST_RESOURCE_ERROR)
    return with_reason(from_resource_code(error.code, delivering), uri, error.message);
  if (error.domain == GST_STREAM_ERROR)
    return with_reason(from_stream_code(error.code, delivering), uri, error.message);
  return with_reason(Errc::Io, uri, error.message);
}

}  // namespace hub::media
