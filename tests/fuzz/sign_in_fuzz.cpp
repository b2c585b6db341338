#include "hub/attendance/event.h"
#include "hub/attendance/form.h"
#include "hub/attendance/text.h"
#include "hub/base/json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

namespace {

hub::attendance::Settings asking() {
  hub::attendance::Settings settings;
  settings.ask = {"gender", "status"};
  settings.questions = {{"transport", {"Venu ?", "Come?"}, {{"À pied", "On foot"}, {"Bus", ""}}},
                        {"first_hub", {"Première fois ?", ""}, {}}};
  return settings;
}

}  // namespace

/// Whatever a phone sends as a sign-in: it is refused with a sentence, or what is kept is clean and comes
/// through the log unchanged; lines of the desk likewise are refused or read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  for (const char* language : {"fr", "en"}) {
    const auto desk = attendance::parse_desk(body, language, asking());
    if (const auto* bad = std::get_if<attendance::Register::BadLine>(&desk);
        bad && (bad->why.empty() || !base::is_utf8(bad->why)))
      std::abort();
    const auto arrival = attendance::parse_sign_in(body, language, asking());
    if (!arrival) {
      if (arrival.error().text.empty() || !base::is_utf8(arrival.error().text)) std::abort();
      continue;
    }
    const attendance::SignIn* form = &arrival->form;
    if (form->anonymous == !form->name.empty()) std::abort();
    for (const auto& text : {form->name, form->affiliation, form->contact}) {
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
