#include "hub/attendance/session.h"
#include "hub/attendance/text.h"
#include "hub/base/json.h"
#include "hub/web/host_forms.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void check(const std::string& text) {
  if (!hub::base::is_utf8(text) || hub::attendance::clean(text) != text) std::abort();
}

template <class T>
bool fine(const hub::base::Result<T>& parsed) {
  if (parsed) return true;
  if (parsed.error().text.empty() || !hub::base::is_utf8(parsed.error().text)) std::abort();
  return false;
}

}  // namespace

/// Whatever a host's page sends about sessions and the desk: it is refused with a sentence, or what is handed
/// on is clean and within its limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  for (const char* language : {"fr", "en"}) {
    if (const auto session = web::parse_new_session(body, language); fine(session)) {
      for (const auto& text : {session->title, session->acronym, session->meeting, session->id,
                               session->channel, session->start, session->end})
        check(text);
      if (session->title.empty()) std::abort();
      if (!session->id.empty() &&
          (!attendance::is_session_id(session->id) || attendance::is_day(session->id)))
        std::abort();
    }
    if (const auto change = web::parse_session_change(body, "s", language); fine(change)) {
      if (!change->title && !change->end) std::abort();
      check(change->title.value_or(""));
      check(change->end.value_or(""));
      check(change->why);
    }
    if (const auto left = web::parse_left(body, "p", language); fine(left)) check(left->at);
    if (const auto undo = web::parse_undo(body, language); fine(undo) && undo->empty()) std::abort();
    if (const auto code = web::parse_code(body, language); fine(code) && code->empty()) std::abort();
    if (const auto only = web::parse_session_only(body, language); fine(only)) check(*only);
    if (const auto heads = web::parse_head_count(body, language); fine(heads))
      if (heads->count < 0 || heads->count > 100'000) std::abort();
  }
  return 0;
}
