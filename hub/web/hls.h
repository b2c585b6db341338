#pragma once
#include "hub/base/clock.h"
#include "hub/channels/directory.h"
#include "hub/web/admission.h"
#include "hub/web/exchange.h"
#include "hub/web/limits.h"
#include "hub/web/mailbox.h"
#include "hub/web/waker.h"

#include <list>
#include <map>
#include <memory>
#include <string>

namespace hub::web {

/// /hls/{channel}/{file} on one web thread: answers from the channel's snapshot, or holds the request until a
/// snapshot has what it wants. @context thread-bound: its web thread
class Hls {
 public:
  Hls(std::shared_ptr<Mailbox> mailbox, const Limits& limits, Stats& stats, Admission& admission);
  Hls(const Hls&) = delete;
  Hls& operator=(const Hls&) = delete;
  ~Hls();

  /// @return the channel id if the request named a channel, for presence.
  std::string answer(Exchange& exchange, const channels::Directory& directory);
  /// Answers 503 what has waited for too long.
  void check_deadlines();

 private:
  struct Ask {
    std::string file;
    packager::HlsQuery query;
    bool media_playlist = false;
  };
  struct Wait {
    std::weak_ptr<Exchange> exchange;
    Ask ask;
    base::Mono deadline;
    bool starting;  ///< waits for the channel, not for a part
  };
  struct Channel {
    std::shared_ptr<packager::HlsPublication> publication;
    std::list<Wait> waits;
    std::shared_ptr<Waker> waker;
    std::unique_ptr<Subscription<packager::HlsPublication>> subscription;
  };
  enum class Outcome { Answered, WaitsForStart, WaitsForPart };

  static Outcome try_answer(Exchange& exchange, const Ask& ask, const packager::HlsSnapshot* snapshot);
  void hold(Exchange& exchange, const channels::Outputs& outputs, Ask ask, Outcome why,
            const packager::HlsSnapshot* snapshot);
  void on_publish(const packager::HlsPublication* publication);

  const std::shared_ptr<Mailbox> mailbox_;
  const Limits& limits_;
  Stats& stats_;
  Admission& admission_;
  std::map<const packager::HlsPublication*, Channel> channels_;  // only those with waits
};

}  // namespace hub::web
