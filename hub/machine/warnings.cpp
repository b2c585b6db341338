#include "hub/machine/warnings.h"

#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hub::machine {
namespace {

using namespace std::chrono_literals;

/// An hour of a session's recording at 480p.
constexpr double kBytesPerHour = 621e6;
/// Clocks that a time service slews may stand a little behind what was written a moment ago.
constexpr auto kBehind = 5s;

bool suspends(std::string_view action) {
  return !action.empty() && action != "ignore" && action != "lock";
}

void look_at_clock(const State& state, std::vector<Warning>& out) {
  if (state.last_entry && state.now + kBehind < *state.last_entry) {
    const auto now = base::to_rfc3339(state.now);
    const auto last = base::to_rfc3339(*state.last_entry);
    out.push_back(
        {"clock_behind",
         fmt::format("l’horloge ({}) retarde sur la dernière entrée du registre ({}) : les heures d’arrivée "
                     "seront fausses ; mettez-la à l’heure : sudo date --set \"AAAA-MM-JJ hh:mm\"",
                     now, last),
         fmt::format("the clock ({}) is behind the last entry of the attendance log ({}): times of arrival "
                     "will be wrong; set it: sudo date --set \"YYYY-MM-DD hh:mm\"",
                     now, last)});
  } else if (!state.clock_synchronised) {
    out.push_back({"clock_unsynchronised",
                   "l’horloge n’est pas synchronisée ; comparez-la à une montre, ou connectez la machine "
                   "et : sudo timedatectl set-ntp true",
                   "the clock is not synchronised; compare it with a watch, or connect the machine and: "
                   "sudo timedatectl set-ntp true"});
  }
}

void look_at_network(const State& state, std::vector<Warning>& out) {
  if (!state.forwarding.empty()) {
    const auto names = fmt::format("{}", fmt::join(state.forwarding, ", "));
    out.push_back(
        {"forwarding",
         fmt::format("la machine fait suivre les paquets ({}) : les téléphones consommeront votre forfait ; "
                     "sudo sysctl -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0, et coupez le "
                     "« partage de connexion »",
                     names),
         fmt::format("the machine passes packets on ({}): the phones will use up your data plan; sudo sysctl "
                     "-w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0, and switch \"connection "
                     "sharing\" off",
                     names)});
  }
  if (state.addresses.empty()) {
    out.push_back({"no_network",
                   "aucun réseau : les téléphones ne trouveront pas le hub ; connectez le Wi-Fi ou le câble",
                   "no network: phones will not find the hub; connect the Wi-Fi or the cable"});
    return;
  }
  // Phones get the first IPv4 address; the others do not stand on the poster.
  const auto& first = state.addresses.front();
  if (!first.v6 && first.dynamic)
    out.push_back(
        {"address_dynamic",
         fmt::format("l’adresse {} ({}) est prêtée par la box : elle peut changer, et le QR de l’affiche "
                     "avec elle ; réservez-la pour cette machine dans le routeur (bail DHCP statique)",
                     first.text, first.interface),
         fmt::format("the address {} ({}) is lent by the router: it may change, and the QR code on the "
                     "poster with it; reserve it for this machine in the router (static DHCP lease)",
                     first.text, first.interface)});
}

void look_at_sleep(const State& state, std::vector<Warning>& out) {
  if (!state.sleep || state.kept_awake) return;
  const auto& policy = *state.sleep;
  if (state.has_lid && suspends(policy.lid) && !policy.lid_blocked)
    out.push_back(
        {"lid",
         fmt::format(
             "fermer l’écran arrête la machine (HandleLidSwitch={}) ; écrivez "
             "HandleLidSwitch=ignore dans /etc/systemd/logind.conf, puis : sudo systemctl kill -s HUP "
             "systemd-logind",
             policy.lid),
         fmt::format("closing the lid stops the machine (HandleLidSwitch={}); write HandleLidSwitch=ignore "
                     "into /etc/systemd/logind.conf, then: sudo systemctl kill -s HUP systemd-logind",
                     policy.lid)});
  if (suspends(policy.idle) && !policy.sleep_blocked)
    out.push_back(
        {"sleep",
         fmt::format("la machine se met en veille quand personne n’y touche (IdleAction={}) ; écrivez "
                     "IdleAction=ignore dans /etc/systemd/logind.conf, puis : sudo systemctl kill -s HUP "
                     "systemd-logind",
                     policy.idle),
         fmt::format("the machine goes to sleep when nobody touches it (IdleAction={}); write "
                     "IdleAction=ignore into /etc/systemd/logind.conf, then: sudo systemctl kill -s HUP "
                     "systemd-logind",
                     policy.idle)});
}

void look_at_disk(const State& state, std::vector<Warning>& out) {
  if (state.free_bytes >= kDiskWarnBytes) return;
  const double hours = static_cast<double>(state.free_bytes) / kBytesPerHour;
  const auto megabytes = state.free_bytes / 1'000'000;
  out.push_back(
      {"disk_low",
       fmt::format("{} Mo libres, soit {:.1f} h d’enregistrement en 480p ; faites de la place : sur "
                   "un disque plein, aucune présence n’est enregistrée",
                   megabytes, hours),
       fmt::format("{} MB free, that is {:.1f} h of a recording at 480p; make room: on a full disk "
                   "no attendance is recorded",
                   megabytes, hours)});
}

}  // namespace

std::vector<Warning> warnings(const State& state) {
  std::vector<Warning> out;
  look_at_clock(state, out);
  look_at_disk(state, out);
  look_at_sleep(state, out);
  look_at_network(state, out);
  return out;
}

}  // namespace hub::machine
