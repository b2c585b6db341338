#include "hub/web/texts.h"

#include <array>
#include <charconv>

namespace hub::web {
namespace {

struct Line {
  Text text;
  std::string_view fr, en;
};
constexpr std::array kLines{
    Line{
        Text::WrongHost,
        "Cette adresse n'est pas celle de ce hub. Utilisez l'adresse affichée dans la salle, ou ajoutez ce "
        "nom "
        "à [web] names.",
        "This address is not this hub's. Use the address shown in the room, or add the name to [web] names."},
    Line{Text::WrongOrigin, "La demande vient d'un autre site. Ouvrez la page du hub et recommencez.",
         "The request comes from another site. Open the hub's own page and try again."},
    Line{Text::NoSuchPage, "Cette page n'existe pas. Revenez à la page d'accueil du hub.",
         "There is no such page. Go back to the hub's first page."},
    Line{Text::WrongMethod, "Cette adresse n'accepte pas cette méthode ; voir l'en-tête Allow.",
         "This address does not take this method; see the Allow header."},
    Line{Text::TooLarge, "Le texte envoyé est trop long. Raccourcissez-le.",
         "What was sent is too long. Shorten it."},
    Line{Text::NeedsJson, "Le contenu doit être du JSON (Content-Type: application/json).",
         "The content must be JSON (Content-Type: application/json)."},
    Line{Text::BadJson, "Le contenu envoyé n'est pas du JSON valide en UTF-8.",
         "What was sent is not valid JSON in UTF-8."},
    Line{Text::BadPath, "L'adresse demandée est mal formée.", "The address asked for is malformed."},
    Line{Text::SignInFirst, "Inscrivez-vous d'abord sur la page d'accueil.",
         "Sign in on the first page first."},
    Line{Text::LogInFirst, "Connectez-vous d'abord avec la phrase de passe de l'hôte.",
         "Log in with the host's passphrase first."},
    Line{Text::WrongPassphrase, "Ce n'est pas la bonne phrase de passe.", "That is not the passphrase."},
    Line{Text::WaitBeforeLogin, "Trop d'essais. Attendez avant d'essayer encore.",
         "Too many attempts. Wait before you try again."},
    Line{Text::TooManyLogins, "Trop de connexions à la fois. Réessayez dans quelques secondes.",
         "Too many logins at once. Try again in a few seconds."},
    Line{Text::NoPassphrase,
         "Aucune phrase de passe n'est définie. Lancez « viewing-hub passphrase » sur la machine du hub.",
         "No passphrase is set. Run “viewing-hub passphrase” on the hub's machine."},
    Line{Text::NoSuchChannel, "Ce canal n'existe pas. Rechargez la liste des canaux.",
         "There is no such channel. Reload the list of channels."},
    Line{Text::ChannelTaken, "Un canal porte déjà cet identifiant. Choisissez-en un autre.",
         "There is a channel of that id already. Choose another one."},
    Line{Text::ChannelOfConfig,
         "Ce canal vient de la configuration : arrêtez-le ici, ou retirez-le du fichier hub.toml.",
         "This channel comes from the config: stop it here, or take it out of hub.toml."},
    Line{Text::TooManyChannels, "Il y a déjà 100 canaux. Supprimez-en un d'abord.",
         "There are 100 channels already. Delete one first."},
    Line{Text::BadChannel,
         "Le canal est incomplet : il faut un titre de 1 à 120 caractères, une adresse, et si besoin id "
         "(a-z, 0-9, -), "
         "language, kind (auto, video, audio) et, pour un enregistrement, starts_at (« 2027-03-15 18:00 » ou "
         "RFC 3339).",
         "The channel is incomplete: it needs a title of 1 to 120 characters, an address, and if wanted id "
         "(a-z, "
         "0-9, -), language, kind (auto, video, audio) and, for a recording, starts_at (2027-03-15 18:00 or "
         "RFC 3339)."},
    Line{Text::BadSource,
         "Ce n'est pas l'adresse d'un flux : collez une adresse qui commence par http, https, rtmp, rtsp, "
         "srt ou udp, "
         "le chemin complet d'un fichier de cette machine, ietf:127/34370, ou recording: et le nom d'un "
         "enregistrement.",
         "This is not the address of a stream: paste one that begins with http, https, rtmp, rtsp, srt or "
         "udp, "
         "the full path of a file on this machine, ietf:127/34370, or recording: and the name of a "
         "recording."},
    Line{Text::NoSuchFile,
         "Ce fichier n'est pas sur la machine du hub. Branchez la clé USB et vérifiez le chemin.",
         "There is no such file on the hub's machine. Plug the USB stick in and check the path."},
    Line{Text::NotAFile,
         "Ce chemin ne mène pas à un fichier ordinaire. Indiquez celui d'une vidéo ou d'un son.",
         "This path does not lead to a regular file. Give that of a video or a sound."},
    Line{
        Text::FileUnreadable,
        "Le hub n'a pas le droit de lire ce fichier. Donnez-lui la lecture, ou copiez-le dans le dossier des "
        "enregistrements.",
        "The hub may not read this file. Let it, or copy the file into the folder of recordings."},
    Line{Text::SoughtBeforeStart, "L'enregistrement ne commence pas plus tôt : on repart du début.",
         "The recording begins no earlier: it goes on from the beginning."},
    Line{Text::SoughtBeyondEnd, "L'enregistrement finit avant : on va juste avant sa fin.",
         "The recording ends before that: it goes on just before its end."},
    Line{Text::BadSeek, "Indiquez position_s ou by_s, en secondes.", "Give position_s or by_s, in seconds."},
    Line{Text::NotAReplay,
         "Ce canal n'est pas un enregistrement en cours. Démarrez-le d'abord ; un direct ne peut pas être "
         "mis en pause.",
         "This channel is not a replay that runs. Start it first; live channels cannot be paused."},
    Line{Text::TwoTests, "Deux adresses sont déjà à l'essai. Réessayez dans quelques secondes.",
         "Two addresses are being tested already. Try again in a few seconds."},
    Line{Text::Paused, "Pause, discussion. La suite dans un instant.", "Break, discussion. It goes on soon."},
    Line{Text::Starting, "Le canal démarre ou est arrêté. Réessayez dans quelques secondes.",
         "The channel is starting or stopped. Try again in a few seconds."},
    Line{Text::TooSlow, "La suite n'est pas encore là. Réessayez dans quelques secondes.",
         "What comes next is not there yet. Try again in a few seconds."},
    Line{Text::NoSuchMedia, "Ce morceau n'existe pas ou n'existe plus. Rechargez la liste de lecture.",
         "There is no such part, or no more. Reload the playlist."},
    Line{Text::BadMediaQuery, "Les paramètres _HLS_ n'ont pas de sens. Rechargez la liste de lecture.",
         "The _HLS_ parameters make no sense. Reload the playlist."},
    Line{Text::TooManySockets, "Trop de pages sont ouvertes. Réessayez dans une minute.",
         "Too many pages are open. Try again in a minute."},
    Line{Text::BadReport,
         "Le signalement est incomplet : symptom est no_picture, no_sound, stops, late ou other.",
         "The report is incomplete: symptom is no_picture, no_sound, stops, late or other."},
    Line{Text::BadSearch, "Le nom cherché (q) est trop long ou n'est pas en UTF-8 : au plus 120 caractères.",
         "The name to look for (q) is too long or not in UTF-8: at most 120 characters."},
    Line{Text::WrongCode,
         "Ce code n'est pas connu. Relisez-le sur l'ancienne page, ou inscrivez-vous de nouveau.",
         "This code is not known. Read it again on the old page, or sign in anew."},
    Line{Text::WaitBeforeCode, "Trop de codes faux. Attendez un peu, ou inscrivez-vous de nouveau.",
         "Too many wrong codes. Wait a little, or sign in anew."},
    Line{
        Text::LanFull,
        "Le réseau de la salle est plein pour l'image. Écoutez le son ; l'image s'ouvrira quand une place se "
        "libère.",
        "The network of the room has no place for one more picture. Listen to the sound; the picture opens "
        "when a "
        "place is free."},
    Line{Text::PressBusy, "Trop de pages se préparent à la fois. Réessayez dans quelques secondes.",
         "Too many pages are being made at once. Try again in a few seconds."},
    Line{Text::NoRoomOnPage,
         "Un texte est trop long pour la page. Raccourcissez le nom du hub ou [privacy] dans hub.toml.",
         "A text is too long for the page. Shorten the hub's name or [privacy] in hub.toml."},
    Line{Text::BadLanguage, "lang : fr ou en.", "lang: fr or en."},
    Line{Text::NoSuchSession, "Cette session n'existe pas : choisissez-en une de la liste.",
         "There is no such session: choose one of the list."},
    Line{Text::NoAddress, "Cette machine n'a pas d'adresse sur un réseau. Branchez-la au réseau de la salle.",
         "This machine has no address on a network. Connect it to the network of the room."},
    Line{Text::Stopping, "Le hub s'arrête. Réessayez dans un instant.",
         "The hub is stopping. Try again soon."},
};

std::string_view pick(std::string_view fr, std::string_view en, std::string_view language) {
  return language == "fr" ? fr : en;
}

double quality(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1.0;
  const auto digits = parameters.substr(at + 2);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && value >= 0 && value <= 1 ? value : 0.0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string say(Text text, std::string_view language) {
  for (const auto& line : kLines)
    if (line.text == text) return std::string{pick(line.fr, line.en, language)};
  return {};
}

std::string say_reason(base::Errc code, std::string_view language) {
  using base::Errc;
  const auto both = [&](std::string_view fr, std::string_view en) {
    return std::string{pick(fr, en, language)};
  };
  switch (code) {
    case Errc::Unreachable:
    case Errc::Refused:
      return both("La source est injoignable ; le hub réessaie.",
                  "The source cannot be reached; the hub keeps trying.");
    case Errc::NotFound:
      return both("La source n'existe pas à cette adresse ; le hub réessaie.",
                  "There is no source at this address; the hub keeps trying.");
    case Errc::NotAuthorised:
      return both("La source demande une autorisation ; prévenez l'hôte.",
                  "The source wants credentials; tell the host.");
    case Errc::Unsupported:
      return both("Ce hub ne sait pas lire ce format ; prévenez l'hôte.",
                  "This hub cannot play this format; tell the host.");
    case Errc::Ended:
      return both("La diffusion est terminée ou n'a pas commencé.",
                  "The broadcast is over or has not begun.");
    case Errc::Stalled:
      return both("La source n'envoie plus rien ; le hub réessaie.",
                  "The source sends nothing any more; the hub keeps trying.");
    default:
      return both("La diffusion est interrompue ; le hub réessaie.",
                  "The broadcast is interrupted; the hub keeps trying.");
  }
}

std::string say_test_failure(base::Errc code, std::string_view language) {
  using base::Errc;
  const auto both = [&](std::string_view fr, std::string_view en) {
    return std::string{pick(fr, en, language)};
  };
  switch (code) {
    case Errc::Unreachable:
      return both("Cette source est injoignable. Vérifiez l'adresse et l'accès à Internet du hub.",
                  "This source cannot be reached. Check the address, and the hub's way to the Internet.");
    case Errc::Refused:
      return both("La machine à cette adresse refuse la connexion. Vérifiez l'adresse et le port.",
                  "The machine at this address refuses the connection. Check the address and the port.");
    case Errc::NotFound:
      return both("Il n'y a rien à cette adresse. Vérifiez qu'elle est complète.",
                  "There is nothing at this address. Check that it is complete.");
    case Errc::NotAuthorised:
      return both("La source demande une autorisation. Mettez le nom et le mot de passe dans l'adresse.",
                  "The source wants credentials. Put the name and the password into the address.");
    case Errc::Unsupported:
      return both("Ce hub ne sait pas lire ce format. Collez l'adresse du flux, non celle de sa page web.",
                  "This hub cannot play this format. Paste the address of the stream, not of its web page.");
    case Errc::Ended:
      return both("La diffusion est terminée ou n'a pas commencé. Essayez encore à l'heure prévue.",
                  "The broadcast is over or has not begun. Try again at the time it is planned for.");
    case Errc::Stalled:
      return both("La source répond mais n'envoie rien. Essayez encore quand la diffusion a commencé.",
                  "The source answers but sends nothing. Try again once the broadcast has begun.");
    default:
      return both("L'essai n'a rien donné. Réessayez ; le journal du hub en dit plus.",
                  "The test gave nothing. Try again; the hub's log says more.");
  }
}

base::Failure fail(base::Errc code, Text text, std::string_view language) {
  return {code, say(text, language)};
}

std::string choose_language(std::string_view wanted, std::string_view accept_language,
                            std::span<const std::string> offered) {
  for (const auto& language : offered)
    if (language == wanted) return language;
  const std::string* best = &offered.front();
  double best_quality = 0;
  while (!accept_language.empty()) {
    const auto comma = accept_language.find(',');
    const auto item = accept_language.substr(0, comma);
    accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size() : comma + 1);
    const auto semicolon = item.find(';');
    auto tag = trimmed(item.substr(0, semicolon));
    tag = tag.substr(0, tag.find('-'));  // "fr-ML" is content with "fr"
    const double q = semicolon == std::string_view::npos ? 1.0 : quality(item.substr(semicolon));
    for (const auto& language : offered)
      if (q > best_quality && (language == tag)) {
        best = &language;
        best_quality = q;
      }
  }
  return *best;
}

}  // namespace hub::web
