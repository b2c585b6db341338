#include "hub/attendance/presence.h"

#include <algorithm>

namespace hub::attendance {
namespace {

constexpr std::int64_t us(std::chrono::microseconds time) {
  return time.count();
}

base::Wall wall(std::int64_t utc_ms) {
  return base::Wall{base::Millis{utc_ms}};
}

/// How long an interval that begins at @p start may last until the session is over. Counted from what the
/// clock said at its beginning, which is what put it into this session.
std::int64_t room_us(const Bounds& bounds, const Moment& start) {
  return std::max<std::int64_t>(bounds.end_ms - start.utc_ms, 0) * 1000;
}

/// Who is there before the session begins is there from its start.
Moment from_start(const Bounds& bounds, Moment moment) {
  const auto early_ms = std::max<std::int64_t>(bounds.start_ms - moment.utc_ms, 0);
  moment.utc_ms += early_ms;
  moment.mono_us += early_ms * 1000;
  return moment;
}

bool spans_outage(const Timeline& timeline, const std::vector<Outage>& outages, const Moment& from,
                  const Moment& to) {
  return std::any_of(outages.begin(), outages.end(), [&](const Outage& outage) {
    return !timeline.before(outage.from, from) && !timeline.before(to, outage.to);
  });
}

/// The outage that cut off a device whose last proof was @p last, if there is one.
const Outage* cut_by(const Timeline& timeline, const std::vector<Outage>& outages, const Moment& last) {
  for (const auto& outage : outages) {
    const auto silent = timeline.elapsed_us(last, outage.from);
    if (silent >= 0 && silent <= us(kContinue + kFlush)) return &outage;
  }
  return nullptr;
}

bool continues(const Timeline& timeline, const std::vector<Outage>& outages, const Moment& last,
               const Moment& next) {
  if (timeline.elapsed_us(last, next) <= us(kContinue)) return true;
  if (!cut_by(timeline, outages, last)) return false;
  // After several outages in a row the last one before the next proof counts.
  return std::any_of(outages.begin(), outages.end(), [&](const Outage& outage) {
    const auto back = timeline.elapsed_us(outage.to, next);
    return back >= 0 && back <= us(kBridge) && !timeline.before(outage.from, last);
  });
}

}  // namespace

Stay declared(const Timeline& timeline, const Bounds& bounds, const std::vector<Outage>& outages,
              std::vector<Mark> marks, const std::vector<Moment>& ends, const Moment& now) {
  for (const auto& end : ends) marks.push_back({end, Mark::What::Out});
  std::sort(marks.begin(), marks.end(), [&](const Mark& a, const Mark& b) {
    if (timeline.before(a.at, b.at)) return true;
    if (timeline.before(b.at, a.at)) return false;
    return a.what == Mark::What::In && b.what == Mark::What::Out;  // claims may name the same minute
  });
  Stay stay;
  std::optional<Moment> open;
  std::int64_t total_us = 0;
  const auto close = [&](const Moment& out) {
    const auto room = room_us(bounds, *open);
    const auto lasted = std::max<std::int64_t>(timeline.elapsed_us(*open, out), 0);
    total_us += std::min(lasted, room);
    stay.last_out = lasted < room ? wall(std::max(out.utc_ms, open->utc_ms))
                                  : wall(std::max(bounds.end_ms, open->utc_ms));
    stay.bridged_outage = stay.bridged_outage || spans_outage(timeline, outages, *open, out);
    open.reset();
  };
  for (const auto& mark : marks) {
    // An interval that the end of the session has closed cannot be continued by a later mark.
    if (open && timeline.elapsed_us(*open, mark.at) >= room_us(bounds, *open)) close(mark.at);
    if (mark.what == Mark::What::Out) {
      if (open) close(mark.at);
    } else if (!open) {
      open = from_start(bounds, mark.at);
      if (stay.intervals++ == 0) stay.first_in = wall(open->utc_ms);
    }
  }
  if (open) {
    const bool goes_on = timeline.elapsed_us(*open, now) < room_us(bounds, *open);
    close(now);
    if (goes_on) stay.last_out.reset();
  }
  stay.ms = (total_us + 500) / 1000;
  return stay;
}

std::optional<Stay> measured(const Timeline& timeline, const Bounds& bounds,
                             const std::vector<Outage>& outages, std::vector<Span> spans, const Moment& now) {
  std::erase_if(spans, [&](const Span& span) {
    return span.to.utc_ms < bounds.start_ms || span.from.utc_ms >= bounds.end_ms;
  });
  if (spans.empty()) return std::nullopt;
  for (auto& span : spans) {
    span.from = from_start(bounds, span.from);
    if (timeline.before(span.to, span.from)) span.to = span.from;
  }
  std::sort(spans.begin(), spans.end(), [&](const Span& a, const Span& b) {
    if (timeline.before(a.from, b.from)) return true;
    if (timeline.before(b.from, a.from)) return false;
    return a.mode < b.mode;
  });
  Stay stay;
  stay.first_in = wall(spans.front().from.utc_ms);
  std::int64_t total_us = 0;
  std::array<std::int64_t, 3> mode_us{};
  Moment from = spans.front().from;
  Moment to = spans.front().to;
  const auto close = [&] {
    const auto length = std::max<std::int64_t>(timeline.elapsed_us(from, to), 0);
    const auto since = timeline.elapsed_us(to, now);
    const auto wanted = cut_by(timeline, outages, to) ? 0 : us(kTail);
    const auto tail = std::clamp<std::int64_t>(since, 0, wanted);
    const auto room = room_us(bounds, from);
    total_us += std::min(length + tail, room);
    ++stay.intervals;
    stay.bridged_outage = stay.bridged_outage || spans_outage(timeline, outages, from, to);
    const bool goes_on =
        wanted > 0 && since <= us(kContinue) && length + std::max<std::int64_t>(since, 0) < room;
    stay.last_out.reset();
    if (!goes_on)
      stay.last_out =
          length + tail < room ? wall(to.utc_ms + tail / 1000) : wall(std::max(bounds.end_ms, from.utc_ms));
  };
  for (const auto& span : spans) {
    // A proof alone stands for one ping, else a mode of single proofs would have no weight.
    mode_us[static_cast<std::size_t>(span.mode)] += timeline.elapsed_us(span.from, span.to) + us(kTail);
    if (!continues(timeline, outages, to, span.from)) {
      close();
      from = span.from;
      to = span.to;
    } else if (timeline.before(to, span.to)) {
      to = span.to;
    }
  }
  close();
  stay.ms = (total_us + 500) / 1000;
  // Of modes proven equally long the one that says more: audio before video before page.
  const auto longest = std::max_element(mode_us.rbegin(), mode_us.rend());
  stay.mode = static_cast<Proof::Mode>(2 - (longest - mode_us.rbegin()));
  return stay;
}

}  // namespace hub::attendance
