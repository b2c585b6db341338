#pragma once
#include "hub/channels/directory.h"
#include "hub/web/exchange.h"
#include "hub/web/icy.h"
#include "hub/web/limits.h"
#include "hub/web/mailbox.h"
#include "hub/web/waker.h"

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace hub::web {

/// /audio/{channel}.mp3 and .aac on one web thread. A new listener gets the last seconds at once and then
/// each chunk as it comes; one that does not keep up jumps ahead, and never has more than about ten seconds
/// waiting between the window and its socket. @context thread-bound: its web thread
class Audio {
 public:
  Audio(std::shared_ptr<Mailbox> mailbox, const Limits& limits, Stats& stats, std::string hub_name);
  Audio(const Audio&) = delete;
  Audio& operator=(const Audio&) = delete;
  ~Audio();

  /// @return the channel id if the request named a channel, for presence.
  std::string answer(Exchange& exchange, const channels::Directory& directory);
  /// 503 for who waits for a stream that does not begin. Tells @p listening of each exchange that gets audio.
  void check_deadlines(const std::function<void(const Exchange&, const std::string& channel)>& listening);

 private:
  struct Listener {
    std::weak_ptr<Exchange> exchange;
    std::shared_ptr<packager::AudioPublication> publication;
    /// One per listener, not per thread: the relay counts them, and encodes MP3 while there are any.
    std::unique_ptr<Subscription<packager::AudioPublication>> subscription;
    std::string channel, title, content_type;
    bool mp3 = false;
    std::optional<IcyInterleaver> icy;
    bool wants_icy = false;
    bool begun = false;
    std::uint64_t next = 0;  ///< number of the chunk to send next
    base::Mono deadline;
  };
  void feed(Listener& listener);
  void begin(Listener& listener, Exchange& exchange, const packager::AudioWindow& window);
  void on_publish();

  const Limits& limits_;
  Stats& stats_;
  const std::string hub_name_;
  std::list<Listener> listeners_;
  const std::shared_ptr<Waker> waker_;
};

}  // namespace hub::web
