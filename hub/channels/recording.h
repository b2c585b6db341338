#pragma once
#include "hub/base/error.h"
#include "hub/channels/settings.h"

#include <string>
#include <string_view>

namespace hub::channels {

inline constexpr std::string_view kRecordingScheme = "recording:";

/// @p uri as a worker takes it: `recording:<id>` becomes the file:// address of what @p find finds; anything
/// else stays. Errc::NotFound names what is missing.
[[nodiscard]] base::Result<std::string> source_address(const std::string& uri, const FindRecording& find);

/// The id of a channel that is called @p title: "DNS Opérations" → "dns-operations", with "-2", "-3" … while
/// @p taken. "channel" if the title has no letter or digit that would do.
[[nodiscard]] std::string make_channel_id(std::string_view title,
                                          const std::function<bool(const std::string&)>& taken);

}  // namespace hub::channels
