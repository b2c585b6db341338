#pragma once
#include "hub/attendance/table.h"

#include <string>

namespace hub::reports {

/// Version of the columns and keys below.
inline constexpr int kAttendanceSchema = 2;

/// The export of attendance: CSV with one line per Row (attendance/table.h), or JSON with the same rows
/// beside `sessions` and `totals`. Values are words of the format, not of a language: yes, no, declared,
/// measured, sign-in, page, video, audio. first_in_* and last_out_* are ISO 8601 to the second; last_out_* is
/// empty (null) while somebody is there. percent_of_session is a whole number, of the planned length. The
/// delimiter of the CSV follows the language: `;` for fr, `,` otherwise. The name of the file bears the hub's
/// date. `email` is the contact where it is an e-mail address; `head_count` is that of the session, on each
/// of its rows; each question of the hub has a column `q_<id>`.
/// @throws base::Error{Invalid} if @p request names another format.
[[nodiscard]] attendance::Register::Exported write_attendance(
    const attendance::Table& table, const attendance::Register::ExportRequest& request);

}  // namespace hub::reports
