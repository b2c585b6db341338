#include "hub/channels/flow_watch.h"

#include <fmt/format.h>

namespace hub::channels {
namespace {
using std::chrono::seconds;
constexpr seconds kSilence{3};
constexpr seconds kLag{3};
constexpr seconds kWindow{60};
constexpr seconds kJump{1};  // as in the splicer: a new timeline, not lag
}  // namespace

void FlowWatch::on_unit(base::Nanos dts, base::Mono now) {
  const bool jumped = dts < last_dts_ - kJump || dts > last_dts_ + kJump;
  if (!first_ || jumped || now - reference_ > kWindow) {
    reference_ = now;
    reference_dts_ = dts;
  }
  if (!first_) first_ = now;
  last_ = now;
  last_dts_ = dts;
}

std::optional<base::Failure> FlowWatch::check(base::Mono now) const {
  const bool flowing = flowed() >= kSilence;
  const base::Nanos patience = flowing ? base::Nanos{kSilence} : base::Nanos{patience_};
  if (now - last_ >= patience)
    return base::Failure{base::Errc::Stalled,
                         fmt::format("the source sent nothing for {} s; it is started again",
                                     std::chrono::duration_cast<seconds>(now - last_).count())};
  if (first_ && (last_ - reference_) - (last_dts_ - reference_dts_) >= kLag)
    return base::Failure{base::Errc::Stalled,
                         "the source comes slower than it plays; it is started again at its live edge. If "
                         "this repeats, the uplink is too slow: take a smaller variant or the audio"};
  return std::nullopt;
}

}  // namespace hub::channels
