#include "hub/attendance/event.h"
#include "hub/attendance/form.h"
#include "hub/base/json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// Whatever a phone sends as a sign-in: it is refused with a sentence, or what is kept is clean and comes
/// through the log unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  for (const char* language : {"fr", "en"}) {
    const auto form = attendance::parse_sign_in(body, language);
    if (!form) {
      if (form.error().text.empty() || !base::is_utf8(form.error().text)) std::abort();
      continue;
    }
    if (form->anonymous == !form->name.empty()) std::abort();
    for (const auto& text : {form->name, form->affiliation, form->email}) {
      if (!base::is_utf8(text) || attendance::clean(text) != text) std::abort();
      for (const char c : text)
        if ((c >= 0 && c < ' ') || c == '\x7f') std::abort();
    }
    const auto payload = attendance::to_payload(*form);
    if (attendance::to_payload(attendance::form_from(base::Json::parse(payload.dump()))) != payload)
      std::abort();
  }
  return 0;
}
