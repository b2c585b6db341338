#pragma once
#include "hub/attendance/register.h"
#include "hub/base/json.h"

/// What the API and `viewing-hub attendance summary --format json` show; the shapes stand in hub/web/API.md.
namespace hub::attendance {

/// {id, title, acronym, meeting, channel, start, end, state, sign_in_from}; a missing channel is null.
[[nodiscard]] base::Json to_json(const Session& session);
[[nodiscard]] base::Json to_json(const Register::Summary& summary);

}  // namespace hub::attendance
