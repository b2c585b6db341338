#pragma once
#include "hub/base/clock.h"
#include "hub/lib/glib/time_zone.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace hub::recordings {

/// Bytes fetched in the running month of the hub's time zone, kept in a small file so that they survive a
/// power cut. Only who holds the lock of the recordings (keeper.h) counts. Not thread-safe.
class Budget {
 public:
  /// @param file  {"month":"2027-01","bytes":123}; missing or damaged: nothing was fetched yet.
  enum class Use {
    Count,  ///< writes the file
    Look    ///< beside the one that counts
  };
  /// @param monthly_mb  0: no limit
  Budget(std::filesystem::path file, std::uint32_t monthly_mb, lib::glib::TimeZone zone,
         const base::Clock& clock, Use use = Use::Count);
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  /// save()
  ~Budget();

  /// Counts @p bytes, and writes the file every 4 MB.
  void add(std::uint64_t bytes);
  void save() noexcept;
  [[nodiscard]] std::uint64_t used();
  [[nodiscard]] bool limited() const noexcept { return limit_ > 0; }
  [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }
  /// True if @p bytes more stay within the limit.
  [[nodiscard]] bool fits(std::uint64_t bytes) { return limit_ == 0 || used() + bytes <= limit_; }

 private:
  void turn_month();
  const std::filesystem::path file_;
  const std::uint64_t limit_;
  const lib::glib::TimeZone zone_;
  const base::Clock& clock_;
  const Use use_;
  std::string month_;  // "2027-01"
  std::uint64_t bytes_ = 0, saved_ = 0;
};

}  // namespace hub::recordings
