#include "hub/cli/fetch_command.h"

#include "hub/app/recordings.h"
#include "hub/base/log.h"
#include "hub/base/redact.h"
#include "hub/cli/options.h"
#include "hub/lib/glib/loop.h"
#include "hub/recordings/keeper.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <set>

#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::cli {
namespace {

namespace po = boost::program_options;
using namespace std::chrono_literals;
using recordings::Item;
using recordings::size_text;

constexpr auto kShowEvery = 1s;
constexpr auto kLineEvery = 10s;  // without a terminal

std::string time_text(std::chrono::seconds left) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
  return left < 60s      ? fmt::format("{} s", left.count())
         : minutes < 120 ? fmt::format("{} min", minutes)
                         : fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

/// One run of the command: asks for the sizes, queues, and shows how it goes until all are there.
class Run {
 public:
  Run(const config::File& settings, const base::Clock& clock, std::ostream& out, std::ostream& err)
      : out_{out},
        err_{err},
        language_{settings.identity.languages.front()},
        terminal_{isatty(STDOUT_FILENO) == 1},
        keeper_{loop_,
                clock,
                settings.recordings,
                settings.identity.time_zone,
                settings.data_dir,
                app::fetch_surroundings(settings, clock)},
        zone_{settings.identity.time_zone} {}

  int fetch(std::vector<recordings::Shelf::Wish> wishes, bool ask) {
    const auto on_int = loop_.on_signal(SIGINT, [this] { interrupt(); });
    const auto on_term = loop_.on_signal(SIGTERM, [this] { interrupt(); });
    loop_.post([this, wishes = std::move(wishes), ask] { quote(wishes, 0, ask); });
    loop_.run();
    return result_;
  }

 private:
  using Wishes = std::vector<recordings::Shelf::Wish>;
  struct Seen {
    std::uint64_t done = 0;
    std::chrono::steady_clock::time_point at{}, said{};
    double bytes_per_s = 0;
  };

  [[nodiscard]] std::string say(const char* fr, const char* en) const { return language_ == "fr" ? fr : en; }

  void complain(const std::string& what, const recordings::Trouble& trouble) {
    err_ << fmt::format("{}: {}\n", what, trouble.in(language_));
    result_ = kFailed;
  }

  void quote(const Wishes& wishes, std::size_t index, bool ask) {
    if (index == wishes.size()) return begin();
    const auto& wish = wishes[index];
    keeper_.ask_size(wish, [this, wishes, index, ask](const auto& outcome) {
      const auto& next = wishes[index];
      const auto shown = base::redact_uri(next.uri);
      if (!outcome) {
        complain(shown, outcome.trouble());
        return quote(wishes, index + 1, ask);
      }
      const auto size = outcome->size_bytes ? (outcome->size_is_estimate ? "≈ " : "") +
                                                  size_text(*outcome->size_bytes, language_)
                                            : say("taille inconnue", "size unknown");
      out_ << fmt::format("{}: {} ({} {})\n", shown, size, size_text(outcome->free_bytes, language_),
                          say("libres", "free"));
      if (ask && !agreed()) return quote(wishes, index + 1, ask);
      keeper_.add(next, [this, wishes, index, ask, shown](const auto& added) {
        if (added)
          ids_.insert(added->id);
        else if (added.trouble().code == base::Errc::Conflict)  // what was asked for is there
          out_ << fmt::format("{}: {}\n", shown, added.trouble().in(language_));
        else
          complain(shown, added.trouble());
        quote(wishes, index + 1, ask);
      });
    });
  }

  bool agreed() {
    out_ << say("Récupérer ? [o/N] ", "Fetch it? [y/N] ") << std::flush;
    std::string line;
    std::getline(std::cin, line);
    return line == "o" || line == "O" || line == "y" || line == "Y" || line == "oui" || line == "yes";
  }

  void begin() {
    if (ids_.empty()) return loop_.quit();
    keeper_.on_change([this] { look(); });
    keeper_.begin(ids_);
    ticker_ = loop_.every(kShowEvery, [this] { look(); });
  }

  void look() {
    if (ids_.empty()) return;
    for (const auto& item : keeper_.list()) {
      if (!ids_.contains(item.id)) continue;
      listed_.insert(item.id);
      if (item.state == Item::State::Ready)
        leave(item.id, fmt::format("{}: {} ({})", item.id, say("prêt", "ready"),
                                   size_text(item.done_bytes, language_)));
      else if (item.state == Item::State::Failed)
        lose(item);
      else if (item.reason && item.reason->passes() && item.reason->code != base::Errc::Busy)
        lose(item);  // tried often enough for a person who waits
      else if (item.state == Item::State::Queued && item.reason)
        tell_once(item);
      else
        show(item);
    }
    if (ids_.empty()) loop_.quit();
  }

  void leave(const std::string& id, const std::string& line) {
    clear_line();
    out_ << line << std::endl;
    ids_.erase(id);
  }
  void lose(const Item& item) {
    clear_line();
    complain(item.id, *item.reason);
    ids_.erase(item.id);
  }
  void tell_once(const Item& item) {
    if (!told_.emplace(item.id, item.reason->en).second && told_[item.id] == item.reason->en) return;
    told_[item.id] = item.reason->en;
    clear_line();
    out_ << fmt::format("{}: {}", item.id, item.reason->in(language_)) << std::endl;
  }
  void clear_line() {
    if (terminal_) out_ << "\r\x1b[K";
  }

  void show(const Item& item) {
    const auto now = std::chrono::steady_clock::now();
    const auto done = std::max(item.done_bytes, seen_[item.id].done);
    auto& seen = seen_[item.id];
    if (seen.at != std::chrono::steady_clock::time_point{} && now > seen.at && done > seen.done) {
      const double rate =
          static_cast<double>(done - seen.done) / std::chrono::duration<double>(now - seen.at).count();
      seen.bytes_per_s = seen.bytes_per_s == 0 ? rate : 0.7 * seen.bytes_per_s + 0.3 * rate;
    }
    if (done != seen.done || seen.at == std::chrono::steady_clock::time_point{}) {
      seen.done = done;
      seen.at = now;
    }
    if (!terminal_ && now - seen.said < kLineEvery) return;
    seen.said = now;
    auto line = fmt::format("{}: {}", item.id, size_text(done, language_));
    if (item.size_bytes && *item.size_bytes > 0) {
      const auto share = std::min(1.0, static_cast<double>(done) / static_cast<double>(*item.size_bytes));
      const auto bar = static_cast<std::size_t>(share * 20);
      if (terminal_) line = fmt::format("{} [{:-<20}]", line, std::string(bar, '#'));
      line += fmt::format(" / {}{} {:.0f} %", item.size_is_estimate ? "≈ " : "",
                          size_text(*item.size_bytes, language_), share * 100);
      if (seen.bytes_per_s > 0 && *item.size_bytes > done)
        line += fmt::format(", {}", time_text(std::chrono::seconds{static_cast<std::int64_t>(
                                        static_cast<double>(*item.size_bytes - done) / seen.bytes_per_s)}));
    }
    if (seen.bytes_per_s > 0)
      line += fmt::format(", {}/s", size_text(static_cast<std::uint64_t>(seen.bytes_per_s), language_));
    clear_line();
    out_ << line;
    if (terminal_)
      out_ << std::flush;
    else
      out_ << std::endl;
  }

  void interrupt() {
    clear_line();
    if (!ids_.empty())
      out_ << say("Ce qui est là est gardé. La même commande reprend ; un hub qui tourne continue de "
                  "lui-même.",
                  "What is there is kept. The same command goes on; a hub that runs goes on by itself.")
           << std::endl;
    result_ = kFailed;
    loop_.quit();
  }

  std::ostream& out_;
  std::ostream& err_;
  const std::string language_;
  const bool terminal_;
  int result_ = kDone;
  std::set<std::string> ids_, listed_;
  std::map<std::string, std::string> told_;
  std::map<std::string, Seen> seen_;
  lib::glib::Loop loop_;
  recordings::Keeper keeper_;
  const lib::glib::TimeZone zone_;
  lib::glib::SourceGuard ticker_;
};

}  // namespace

int run_fetch(const std::vector<std::string>& arguments, const base::Clock& clock, std::ostream& out,
              std::ostream& err) {
  return guarded("fetch", err, [&] {
    Options options{
        "viewing-hub fetch URL… [--title T] [--now] [--max-height N] [--max-kbps N] [--yes]",
        "Brings recordings in ahead: media files and HLS (.m3u8). What is there already is not fetched "
        "again. Needs [rights] permission."};
    auto own = options.own().add_options();
    own("url", po::value<std::vector<std::string>>(), "address of a recording; may be given without --url");
    own("title", po::value<std::string>()->default_value(""), "what the recording is called, for one URL");
    own("now", "do not wait for the quiet hours");
    own("max-height", po::value<std::uint32_t>()->default_value(360),
        "largest picture of HLS, lines; 0: any");
    own("max-kbps", po::value<std::uint32_t>()->default_value(0), "highest bit rate of HLS; 0: any");
    own("yes", "do not ask");
    options.positional("url");
    const auto values = options.parse(arguments, out);
    if (!values) return kDone;
    if (values->count("url") == 0) throw WrongUse{"give the address of a recording"};
    const auto& urls = (*values)["url"].as<std::vector<std::string>>();
    const auto& title = (*values)["title"].as<std::string>();
    if (urls.size() > 1 && !title.empty()) throw WrongUse{"--title is for one recording"};
    const auto settings = load_config(path_option(*values, "config"), path_option(*values, "data-dir"));
    base::set_log_level("error");
    std::error_code ignored;
    if (std::filesystem::create_directories(settings.data_dir, ignored))
      chmod(settings.data_dir.c_str(), 0700);
    std::vector<recordings::Shelf::Wish> wishes;
    for (const auto& url : urls)
      wishes.push_back({url, title, (*values)["max-height"].as<std::uint32_t>(),
                        (*values)["max-kbps"].as<std::uint32_t>(), values->count("now") > 0});
    Run run{settings, clock, out, err};
    return run.fetch(std::move(wishes),
                     values->count("yes") == 0 && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1);
  });
}

}  // namespace hub::cli
