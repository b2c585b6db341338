#pragma once
#include "hub/attendance/register.h"
#include "hub/base/json.h"
#include "hub/web/message.h"

#include <optional>
#include <string>

/// What the handlers of attendance, sessions and the desk have in common. @context main
namespace hub::web {

/// What the register says of a request is a sentence for people and goes out; of its own faults it tells the
/// log, and the person in front of the screen gets a sentence that says what to do.
[[nodiscard]] base::Failure for_people(const base::Failure& failure, const std::string& language);

[[nodiscard]] base::Json to_json(const attendance::Register::Person& person);
[[nodiscard]] base::Json to_json(const attendance::Register::Me& me);
/// {"sessions":[…],"session":{…}}: those of today and the one that a sign-in counts for.
[[nodiscard]] base::Json sessions_json(const attendance::Register& attendance, const std::string& language);

[[nodiscard]] std::optional<std::string> query(const Request& request, const char* key);
/// Set-Cookie of a device that signed in; with an empty token it is taken back.
[[nodiscard]] std::string device_cookie(const std::string& token);

}  // namespace hub::web
