#include "hub/cli/serve_command.h"

#include "hub/app/serve.h"
#include "hub/base/log.h"
#include "hub/cli/options.h"
#include "hub/cli/qr.h"

#include <fmt/format.h>
#include <unistd.h>

namespace hub::cli {
namespace {

struct Texts {
  const char *open, *also, *passphrase, *keep, *organizer, *stop;
};
constexpr Texts kFrench{"Sur un téléphone relié au même réseau, ouvrez :",
                        "ou :",
                        "Mot de passe de l'hôte :",
                        "Notez-le : il n'est montré qu'une fois. Un autre : viewing-hub passphrase",
                        "Pour qui ne fait que lire les présences : viewing-hub passphrase --role organizer",
                        "Ctrl+C arrête le hub."};
constexpr Texts kEnglish{"On a phone on the same network, open:",
                         "or:",
                         "Passphrase of the host:",
                         "Write it down: it is shown only once. Another one: viewing-hub passphrase",
                         "For who only reads the attendance: viewing-hub passphrase --role organizer",
                         "Ctrl+C stops the hub."};

void show(const app::Welcome& welcome, const Texts& texts, std::ostream& out) {
  out << '\n' << texts.open << "\n\n    " << welcome.addresses.front() << "\n\n";
  out << terminal_qr(welcome.addresses.front() + "/", true) << '\n';
  for (std::size_t i = 1; i < welcome.addresses.size(); ++i)
    out << texts.also << ' ' << welcome.addresses[i] << '\n';
  if (!welcome.passphrase.empty())
    out << texts.passphrase << "\n\n    " << welcome.passphrase << "\n\n"
        << texts.keep << '\n'
        << texts.organizer << '\n';
  out << texts.stop << "\n\n" << std::flush;
}

}  // namespace

int run_serve(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  return guarded("serve", err, [&] {
    const Options options{
        "viewing-hub serve [--config FILE] [--data-dir DIR]",
        "Runs the hub: pulls the channels, serves phones and laptops, keeps the attendance."};
    const auto values = options.parse(arguments, out);
    if (!values) return kDone;
    const auto settings = load_config(path_option(*values, "config"), path_option(*values, "data-dir"));
    base::set_log_level(settings.log_level);
    const auto& texts = settings.identity.languages.front() == "fr" ? kFrench : kEnglish;
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    app::serve(settings, [&](const app::Welcome& welcome) {
      if (terminal) show(welcome, texts, out);
      return terminal;
    });
    return kDone;
  });
}

}  // namespace hub::cli
