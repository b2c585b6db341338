#pragma once
#include "hub/base/error.h"

#include <span>
#include <string>
#include <string_view>

namespace hub::web {

/// Sentences that the server itself says. Each exists in French and English and says what to do.
enum class Text {
  WrongHost,
  WrongOrigin,
  NoSuchPage,
  WrongMethod,
  TooLarge,
  NeedsJson,
  BadJson,
  BadPath,
  SignInFirst,
  LogInFirst,
  WrongPassphrase,
  WaitBeforeLogin,
  TooManyLogins,
  NoPassphrase,
  NoSuchChannel,
  ChannelTaken,
  ChannelOfConfig,
  TooManyChannels,
  BadChannel,
  BadSource,
  NoSuchFile,
  NotAFile,
  FileUnreadable,
  BadSeek,
  SoughtBeforeStart,
  SoughtBeyondEnd,
  NotAReplay,
  TwoTests,
  Paused,
  Starting,
  TooSlow,
  NoSuchMedia,
  BadMediaQuery,
  TooManySockets,
  BadReport,
  BadSearch,
  WrongCode,
  WaitBeforeCode,
  LanFull,
  PressBusy,
  NoRoomOnPage,
  BadLanguage,
  NoSuchSession,
  NoAddress,
  Stopping
};
[[nodiscard]] std::string say(Text text, std::string_view language);
/// Why a channel is not live, for attendees.
[[nodiscard]] std::string say_reason(base::Errc code, std::string_view language);
/// Why an address that a host tested cannot be a source, and what to try.
[[nodiscard]] std::string say_test_failure(base::Errc code, std::string_view language);
[[nodiscard]] base::Failure fail(base::Errc code, Text text, std::string_view language);

/// The best of @p offered for a request: @p wanted (?lang=) if it is offered, else the one that
/// Accept-Language (RFC 9110, 12.5.4) ranks highest, else the first. @p offered must not be empty.
[[nodiscard]] std::string choose_language(std::string_view wanted, std::string_view accept_language,
                                          std::span<const std::string> offered);

}  // namespace hub::web
