#pragma once
#include "hub/attendance/timeline.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace hub::attendance {

/// A gap in the proofs of a device up to this long continues its interval.
inline constexpr std::chrono::seconds kContinue{120};
/// Otherwise the interval ends this long after the last proof: one ping later nobody knows.
inline constexpr std::chrono::seconds kTail{15};
/// Proofs are written to the log this often.
inline constexpr std::chrono::seconds kFlush{60};
/// Who is back within this time after a restart was there during the outage.
inline constexpr std::chrono::minutes kBridge{10};

/// The bounds of a session, UTC.
struct Bounds {
  std::int64_t start_ms = 0, end_ms = 0;
};

/// The hub was not running between these.
struct Outage {
  Moment from, to;
};

/// A person comes or goes.
struct Mark {
  Moment at;
  enum class What { In, Out } what = What::In;
};

/// Proofs of one device, no gap of more than kContinue between them.
struct Span {
  Moment from, to;
  Proof::Mode mode = Proof::Mode::Page;
};

/// How long somebody was there. Durations come from elapsed time, the two times of day from the clock as it
/// stood.
struct Stay {
  base::Wall first_in{};
  std::optional<base::Wall> last_out;  ///< nothing while it goes on
  std::int64_t ms = 0;
  std::int64_t intervals = 0;
  bool bridged_outage = false;           ///< an outage lies inside one of the intervals
  Proof::Mode mode = Proof::Mode::Page;  ///< measured only: what was proven longest
};

/// Declared presence: from an In (or the session's start, if that is later) to the next Out, to @p ends (the
/// session was ended) or to the session's end, whichever is first. Silence and outages do not shorten it.
/// @param marks  in any order; at least one In.
[[nodiscard]] Stay declared(const Timeline& timeline, const Bounds& bounds,
                            const std::vector<Outage>& outages, std::vector<Mark> marks,
                            const std::vector<Moment>& ends, const Moment& now);

/// Measured presence: the union of the proofs with the rules above; after an outage that began within a flush
/// and a gap of the last proof, the interval closes at that proof, or is bridged. Nothing if no proof lies
/// within the session.
[[nodiscard]] std::optional<Stay> measured(const Timeline& timeline, const Bounds& bounds,
                                           const std::vector<Outage>& outages, std::vector<Span> spans,
                                           const Moment& now);

}  // namespace hub::attendance
