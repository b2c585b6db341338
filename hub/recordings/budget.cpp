#include "hub/recordings/budget.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/log.h"

#include <fstream>
#include <iterator>

namespace hub::recordings {
namespace {
constexpr std::uint64_t kSaveEvery = 4'000'000;
}

Budget::Budget(std::filesystem::path file, std::uint32_t monthly_mb, lib::glib::TimeZone zone,
               const base::Clock& clock, Use use)
    : file_{std::move(file)},
      limit_{std::uint64_t{monthly_mb} * 1'000'000},
      zone_{std::move(zone)},
      clock_{clock},
      use_{use} {
  std::ifstream stream{file_, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  const auto json = base::parse_json(text);
  if (json && json->is_object()) {
    month_ = base::string_at(*json, "month").value_or("");
    const auto bytes = json->find("bytes");
    if (bytes != json->end() && bytes->is_number_unsigned()) bytes_ = bytes->get<std::uint64_t>();
  }
  saved_ = bytes_;
  turn_month();
}

Budget::~Budget() {
  save();
}

void Budget::turn_month() {
  auto month = zone_.iso(clock_.wall()).substr(0, 7);
  // A clock that was set back must not give the month's bytes a second time.
  if (month <= month_) return;
  month_ = std::move(month);
  bytes_ = saved_ = 0;
}

std::uint64_t Budget::used() {
  turn_month();
  return bytes_;
}

void Budget::add(std::uint64_t bytes) {
  turn_month();
  bytes_ += bytes;
  if (bytes_ - saved_ >= kSaveEvery) save();
}

void Budget::save() noexcept {
  if (bytes_ == saved_ || use_ == Use::Look) return;
  try {
    base::write_atomically(file_, base::Json{{"month", month_}, {"bytes", bytes_}}.dump() + "\n");
    saved_ = bytes_;
  } catch (const base::Error& error) {
    base::logger("recordings")->warn("the month's megabytes were not noted: {}", error.what());
  }
}

}  // namespace hub::recordings
