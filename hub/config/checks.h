#pragma once
#include "hub/base/source_uri.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Whether one text of the config means what its key needs. All are pure but for known_time_zone().
namespace hub::config {

/// True if the machine's tz database has @p name ("Africa/Bamako"). The name never leads out of the
/// database's folder, and its copies "posix/…" and "right/…" (leap seconds) do not count.
[[nodiscard]] bool known_time_zone(std::string_view name);
/// Empty, or the form of a BCP 47 tag: "fr", "pt-BR".
[[nodiscard]] bool is_language_tag(std::string_view text) noexcept;
/// Empty, or the form of ISO 3166-1 alpha-2: "ML".
[[nodiscard]] bool is_country(std::string_view text) noexcept;
/// A DNS name without a port: letters, digits, '-' and '.', at most 253.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;
/// http:// or https:// with a host.
[[nodiscard]] bool is_web_address(std::string_view text) noexcept;
/// Empty, or a name of at least two letters, a comma and a day: "K. Diarra, 2027-03-01".
[[nodiscard]] bool is_permission(std::string_view text) noexcept;
/// "0.0.0.0:8080" or "[::]:8080" → address without brackets, port.
[[nodiscard]] std::optional<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text);

using base::is_channel_id;
using base::source_problem;
using base::source_uri;

}  // namespace hub::config
