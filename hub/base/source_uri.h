#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// What an operator may write as the source of a channel, in the config and in the console.
namespace hub::base {

/// [a-z0-9-]{1,40}
[[nodiscard]] bool is_channel_id(std::string_view text) noexcept;
/// What is wrong with the `uri` of a source, as the second half of a sentence; nothing if it is fine. Never
/// repeats the URI, which may hold a password.
[[nodiscard]] std::optional<std::string> source_problem(std::string_view uri);
/// True for the path or the address of a file, and for `recording:<id>`: what a replay can play.
[[nodiscard]] bool is_recording(std::string_view uri);
/// @p uri as it is, or file:// with the absolute path if it is a path (relative to @p folder).
/// Precondition: source_problem() found nothing.
[[nodiscard]] std::string source_uri(std::string_view uri, const std::filesystem::path& folder);

}  // namespace hub::base
