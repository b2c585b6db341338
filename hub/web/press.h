#pragma once
#include "hub/base/error.h"
#include "hub/lib/glib/loop.h"
#include "hub/reports/settings.h"
#include "hub/web/settings.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hub::web {

/// Makes what is printed, on a thread of its own: a PDF takes tens of milliseconds, the first one more since
/// the fonts are looked up. @context thread-bound: main
class Press {
 public:
  using Make = std::function<std::string()>;
  using Then = std::function<void(base::Result<std::string>)>;

  /// @param web, wifi  sections of the config; outlive the press, as @p main does.
  Press(lib::glib::Loop& main, const Settings& web, const reports::WifiSettings& wifi);
  Press(const Press&) = delete;
  Press& operator=(const Press&) = delete;
  ~Press();

  /// Runs @p make on the thread "pages" and hands its bytes to @p then on main. A base::Error that it throws
  /// comes as a failure; Busy if kMost wait already. @p make holds copies only.
  void print(Make make, Then then);
  /// The address that phones are to open, without the slash at its end; empty without network.
  /// @param host  Host header of the request: its port counts where the config leaves it open.
  [[nodiscard]] std::string address(std::string_view host) const;
  [[nodiscard]] const reports::WifiSettings& wifi() const noexcept { return wifi_; }

  static constexpr int kMost = 8;

 private:
  lib::glib::Loop& main_;
  const Settings& web_;
  const reports::WifiSettings& wifi_;
  int waiting_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // main only: for answers on their way
  lib::glib::LoopThread thread_{"pages"};
};

}  // namespace hub::web
