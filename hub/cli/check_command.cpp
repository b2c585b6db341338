#include "hub/cli/check_command.h"

#include "hub/cli/options.h"

#include <algorithm>
#include <cstdlib>

#include <boost/program_options.hpp>
#include <fmt/format.h>

namespace hub::cli {
namespace {

namespace po = boost::program_options;
using Grade = Finding::Grade;

/// Writes findings as they come, since a source may take seconds, and remembers the worst.
class Report {
 public:
  Report(std::ostream& out, const Words& say) : out_{out}, say_{say} {}
  void add(const Finding& finding) {
    const char* word = say_("ok       ", "ok       ");
    if (finding.grade == Grade::Warning) {
      word = say_("attention", "warning  ");
      ++warnings_;
    } else if (finding.grade == Grade::Failed) {
      word = say_("échec    ", "failed   ");
      ++failures_;
    }
    out_ << fmt::format("{}  {}{}", word, finding.subject, say_(" : ", ": "));
    for (const char c : finding.text) {
      if (c == '\n')
        out_ << "\n           ";  // the problems of a config: each on a line of its own
      else
        out_ << (static_cast<unsigned char>(c) < 0x20 ? ' '
                                                      : c);  // a source's words cannot steer the terminal
    }
    out_ << std::endl;
  }
  int conclude() {
    if (failures_ > 0)
      out_ << fmt::format(fmt::runtime(say_("\nLe hub ne peut pas démarrer ainsi : {} à corriger.\n",
                                            "\nThe hub cannot run like this: {} to mend.\n")),
                          failures_);
    else if (warnings_ > 0)
      out_ << say_("\nLe hub peut démarrer ; voyez les points d'attention.\n",
                   "\nThe hub can start; see the warnings.\n");
    else
      out_ << say_("\nLe hub peut démarrer.\n", "\nThe hub can start.\n");
    return failures_ > 0 ? kFailed : kDone;
  }

 private:
  std::ostream& out_;
  Words say_;
  int warnings_ = 0, failures_ = 0;
};

/// Before the config is known: the language of the terminal.
std::string terminal_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value) return std::string{value}.substr(0, 2);
  return "en";
}

Finding check_source(const channels::ChannelSettings& channel, const channels::RelaySettings& relay,
                     const CheckProbes& probes, const Words& say) {
  const auto subject = fmt::format(fmt::runtime(say("Chaîne {}", "Channel {}")), channel.id);
  const auto came = probes.source(channel, relay);
  if (came) return {Grade::Ok, subject, *came};
  // A warning only: the hub starts without its sources and tries again for ever.
  return {
      Grade::Warning, subject,
      fmt::format(fmt::runtime(say("{} ; le hub réessaiera, mais vérifiez l'adresse et la liaison Internet",
                                   "{}; the hub will try again, but check the address and the uplink")),
                  came.error().text)};
}

int check(const po::variables_map& values, const CheckProbes& probes, const base::Clock& clock,
          std::ostream& out) {
  auto language = values["lang"].as<std::string>();
  if (!language.empty() && language != "fr" && language != "en") throw WrongUse{"--lang is fr or en"};
  const auto config = path_option(values, "config");
  const auto path = config_path(config);
  std::optional<config::File> file;
  std::string problems;
  try {
    file = load_config(config, path_option(values, "data-dir"));
    if (language.empty()) language = file->identity.languages.front();
  } catch (const base::Error& error) {
    problems = error.what();
    if (language.empty()) language = terminal_language();
  }
  const Words say{language};
  Report report{out, say};
  report.add(check_plugins(probes.plugins(), say));
  report.add(check_clock(clock.wall(), machine::clock_synchronised(), say));
  if (!file) {
    report.add({Grade::Failed, say("Réglages", "Settings"), problems});
    return report.conclude();
  }
  report.add({Grade::Ok, say("Réglages", "Settings"), path.string()});
  report.add(check_addresses(probes.addresses(), file->web.port, say));
  report.add(check_port(file->web.address, file->web.port, say));
  report.add(check_data_dir(file->data_dir, say));
  const auto machine = probes.machine(file->data_dir);
  report.add(check_disk(machine.free_bytes, say));
  for (const auto& finding : check_surroundings(machine, say)) report.add(finding);
  if (file->channels.empty())
    report.add({Grade::Warning, say("Chaînes", "Channels"),
                say("aucune ; ajoutez [[channel]] aux réglages pour montrer quelque chose",
                    "none; add [[channel]] to the settings to show something")});
  for (const auto& channel : file->channels) report.add(check_source(channel, file->relay, probes, say));
  return report.conclude();
}

}  // namespace

int run_check(const std::vector<std::string>& arguments, const CheckProbes& probes, const base::Clock& clock,
              std::ostream& out, std::ostream& err) {
  return guarded("check", err, [&] {
    Options options{
        "viewing-hub check [--config FILE] [--data-dir DIR] [--lang fr|en]",
        "Says what would fail at start and what to do about it: plugins, clock, settings, addresses, "
        "port, data\nfolder, disk, and each source for a few seconds."};
    options.own().add_options()("lang", po::value<std::string>()->value_name("fr|en")->default_value("", ""),
                                "language of the answer; the hub's first if not given");
    const auto values = options.parse(arguments, out);
    return values ? check(*values, probes, clock, out) : kDone;
  });
}

}  // namespace hub::cli
