#include "hub/web/message.h"

namespace hub::web {
namespace {

/// The one table of API.md that maps failures to HTTP.
int status_of(base::Errc code) {
  using base::Errc;
  switch (code) {
    case Errc::Invalid:
      return 400;
    case Errc::NotAuthorised:
      return 401;
    case Errc::NotFound:
      return 404;
    case Errc::Conflict:
      return 409;
    case Errc::TooLarge:
      return 413;
    case Errc::Unsupported:
      return 415;
    case Errc::Busy:
      return 503;
    default:
      return 500;
  }
}

}  // namespace

Response json_response(const base::Json& body, int status) {
  Response response;
  response.status = status;
  // What came from outside was checked for UTF-8, but a file name or an upstream title may slip through:
  // better a replacement character than an exception.
  response.body = body.dump(-1, ' ', false, base::Json::error_handler_t::replace);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response error_response(const base::Failure& failure) {
  auto response = json_response({{"code", base::to_string(failure.code)}, {"error", failure.text}},
                                status_of(failure.code));
  if (failure.code == base::Errc::Busy) response.headers.emplace_back("Retry-After", "2");
  return response;
}

Response wait_response(const base::Failure& failure, std::chrono::seconds wait) {
  if (wait.count() == 0) return error_response(failure);
  auto response = json_response(
      {{"code", base::to_string(failure.code)}, {"error", failure.text}, {"retry_after_s", wait.count()}},
      status_of(failure.code));
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

}  // namespace hub::web
