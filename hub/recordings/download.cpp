#include "hub/recordings/download.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <sys/statvfs.h>

namespace hub::recordings {
namespace {

using base::Errc;
using namespace std::chrono_literals;

constexpr int kMaxRedirects = 5;
constexpr auto kAgent = "viewing-hub/0.1 ";  // the space makes libsoup add its own name

std::string host_of(const std::string& url) {
  const auto address = lib::glib::parse_web_address(url);
  return address ? address->host : "?";
}

Trouble status_trouble(int status, const std::string& host) {
  if (status == 401 || status == 403 || status == 407)
    return {
        Errc::NotAuthorised,
        fmt::format("{} demande une autorisation ({}) : vérifiez le nom et le mot de passe de l'adresse.",
                    host, status),
        fmt::format("{} wants credentials ({}): check the user and password of the address.", host, status)};
  if (status == 404 || status == 410)
    return {Errc::NotFound,
            fmt::format("Il n'y a pas d'enregistrement à cette adresse de {} ({}).", host, status),
            fmt::format("There is no recording at this address of {} ({}).", host, status)};
  if (status == 429 || status == 503)
    return {Errc::Busy, fmt::format("{} est occupé ({}) ; le hub réessaie plus tard.", host, status),
            fmt::format("{} is busy ({}); the hub tries again later.", host, status)};
  if (status >= 500)
    return {Errc::Unreachable, fmt::format("{} est en panne ({}) ; le hub réessaie plus tard.", host, status),
            fmt::format("{} is out of order ({}); the hub tries again later.", host, status)};
  return {Errc::Unsupported, fmt::format("{} répond {} au lieu d'un enregistrement.", host, status),
          fmt::format("{} answers {} instead of a recording.", host, status)};
}

}  // namespace

Space space_of(const std::filesystem::path& folder) {
  struct statvfs info {};
  if (statvfs(folder.c_str(), &info) != 0) return {};
  return {std::uint64_t{info.f_bavail} * info.f_frsize, std::uint64_t{info.f_blocks} * info.f_frsize};
}

std::uint64_t room_in(const Space& space) noexcept {
  const std::uint64_t kept = std::min<std::uint64_t>(500'000'000, space.capacity / 20);
  return space.free > kept ? space.free - kept : 0;
}

std::string size_text(std::uint64_t bytes, std::string_view language) {
  const bool french = language == "fr";
  const auto mb = static_cast<double>(bytes) / 1e6;
  auto text = mb >= 10'000 ? fmt::format("{:.0f}", mb / 1000)
              : mb >= 1000 ? fmt::format("{:.1f}", mb / 1000)
              : mb >= 10   ? fmt::format("{:.0f}", mb)
              : bytes == 0 ? std::string{"0"}
                           : fmt::format("{:.1f}", std::max(mb, 0.1));
  if (french) std::replace(text.begin(), text.end(), '.', ',');
  return text + (mb >= 1000 ? (french ? " Go" : " GB") : (french ? " Mo" : " MB"));
}

Download::Download(const Surroundings& around, Budget& budget, std::uint32_t kbps)
    : around_{around}, budget_{budget}, kbps_{kbps}, client_{kAgent, 20s} {}

Trouble Download::stop_trouble() {
  return {Errc::Ended, "La récupération est interrompue ; ce qui est là est gardé.",
          "The fetch is interrupted; what is there is kept."};
}

Trouble Download::trouble_of(const base::Failure& failure, const std::string& url) const {
  const auto host = host_of(url);
  switch (failure.code) {
    case Errc::Ended:
      return stop_trouble();
    case Errc::Refused:
      return {Errc::Refused, fmt::format("{} refuse la connexion ; le hub réessaie.", host),
              fmt::format("{} refuses the connection; the hub tries again.", host)};
    case Errc::Stalled:
      return {Errc::Stalled,
              fmt::format("{} a coupé ou n'envoie plus rien ; le hub reprend où il en était.", host),
              fmt::format("{} cut off or sends nothing any more; the hub goes on where it was.", host)};
    case Errc::NotAuthorised:
      return {
          Errc::NotAuthorised,
          fmt::format(
              "Le certificat de {} n'est pas valable ici ; vérifiez l'adresse et l'heure de la machine.",
              host),
          fmt::format("The certificate of {} is not valid here; check the address and the machine's clock.",
                      host)};
    case Errc::Invalid:
      return {Errc::Invalid, "L'adresse est mal formée ; elle commence par http:// ou https://.",
              "The address is malformed; it begins with http:// or https://."};
    default:
      return {Errc::Unreachable, fmt::format("{} est injoignable ; le hub réessaie.", host),
              fmt::format("{} cannot be reached; the hub tries again.", host)};
  }
}

std::optional<Trouble> Download::check_target(const std::string& url) const {
  const auto address = lib::glib::parse_web_address(url);
  if (!address) return trouble_of({Errc::Invalid, {}}, url);
  if (around_.is_this_hub && around_.is_this_hub(*address))
    return Trouble{Errc::Invalid,
                   "L'adresse mène à ce hub lui-même ; donnez celle de l'enregistrement d'origine.",
                   "The address leads to this hub itself; give the one of the original recording."};
  return std::nullopt;
}

Outcome<Download::Open> Download::open(const std::string& url, const Headers& headers,
                                       const std::string& method) {
  std::string target = url;
  for (int hop = 0;; ++hop) {
    if (stopped_) return stop_trouble();
    if (const auto wrong = check_target(target)) return *wrong;
    auto answer = client_.send({target, method, headers});
    if (!answer) return trouble_of(answer.error(), target);
    const int status = answer->status();
    if (status == 200 || status == 206 || status == 416) return Open{std::move(*answer), target};
    if (status < 300 || status > 308 || status == 304) return status_trouble(status, host_of(target));
    if (hop == kMaxRedirects)
      return Trouble{
          Errc::Unsupported,
          fmt::format("L'adresse renvoie plus de {} fois ailleurs ; elle tourne en rond.", kMaxRedirects),
          fmt::format("The address redirects more than {} times; it goes round in circles.", kMaxRedirects)};
    const auto location = answer->header("Location");
    const auto next = location.empty() ? std::nullopt : lib::glib::resolve_uri(target, location);
    if (!next) return status_trouble(status, host_of(target));
    target = *next;
  }
}

Outcome<std::size_t> Download::read(Open& open, std::span<char> to) {
  if (stopped_) return stop_trouble();
  if (kbps_ > 0) {
    // Small pieces, so that a slow rate is even, and an end is not waited for.
    to = to.first(std::min<std::size_t>(to.size(), std::max<std::size_t>(kbps_ * 1000 / 8 / 10, 1024)));
    std::unique_lock lock{mutex_};
    wake_.wait_until(lock, due_, [this] { return stopped_.load(); });
  }
  const auto count = open.answer.read(to);
  if (!count) return trouble_of(count.error(), open.url);
  budget_.add(*count);
  if (kbps_ > 0) slow_down(*count);
  if (!budget_.fits(0))
    return Trouble{
        Errc::Busy,
        fmt::format("Les {} du mois sont épuisés ([uplink] monthly_mb) ; la suite vient le mois prochain.",
                    size_text(budget_.limit(), "fr")),
        fmt::format("The month's {} are used up ([uplink] monthly_mb); it goes on next month.",
                    size_text(budget_.limit(), "en"))};
  return *count;
}

void Download::slow_down(std::size_t bytes) {
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> takes{static_cast<double>(bytes) * 8 / (kbps_ * 1000.0)};
  // What was not used while the server was slow is not caught up with, but for half a second.
  due_ = std::max(due_, now - 500ms) + std::chrono::duration_cast<std::chrono::steady_clock::duration>(takes);
}

Outcome<std::string> Download::read_text(Open& open, std::size_t most, std::string text) {
  std::string piece(32 * 1024, '\0');
  while (true) {
    const auto count = read(open, piece);
    if (!count) return count.trouble();
    if (*count == 0) return text;
    text.append(piece, 0, *count);
    if (text.size() > most)
      return Trouble{
          Errc::TooLarge,
          fmt::format("La liste de lecture est démesurée (plus de {} Mo) ; elle est refusée.", most >> 20),
          fmt::format("The playlist is absurdly large (over {} MB); it is refused.", most >> 20)};
  }
}

Outcome<std::string> Download::get_text(std::string& url, std::size_t most) {
  for (int failures = 1;; ++failures) {
    auto opened = open(url);
    auto text = opened ? read_text(*opened, most) : Outcome<std::string>{opened.trouble()};
    if (text) {
      url = opened->url;
      return text;
    }
    if (!text.trouble().passes() || failures >= attempts() || !pause(failures)) return text;
  }
}

bool Download::pause(int failures) {
  const auto length =
      std::min<std::chrono::milliseconds>(around_.first_pause * (1 << std::min(failures - 1, 10)), 30s);
  std::unique_lock lock{mutex_};
  return !wake_.wait_for(lock, length, [this] { return stopped_.load(); });
}

void Download::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  wake_.notify_all();
  client_.cancel();
}

}  // namespace hub::recordings
