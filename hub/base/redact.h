#pragma once
#include <string>
#include <string_view>

namespace hub::base {

/// @p uri without what may be secret: user, password, query and fragment (SRT passphrases and stream tokens
/// travel in queries). Never fails: what has no "://" loses its query all the same, and nothing of a URI that
/// is malformed in a way that could expose a password is shown but its scheme. "rtsp://u:p@host/x?token=1" →
/// "rtsp://host/x".
[[nodiscard]] std::string redact_uri(std::string_view uri);

/// @p text with redact_uri() applied to each URI in it: for log lines and failures of a worker, which quote
/// what they were given.
[[nodiscard]] std::string redact_text(std::string_view text);

}  // namespace hub::base
