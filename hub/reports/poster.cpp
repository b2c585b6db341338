#include "hub/reports/poster.h"

#include "hub/reports/paper.h"
#include "hub/reports/wifi.h"

#include <algorithm>

namespace hub::reports {
namespace {

using lib::cairo::Align;
using lib::cairo::Box;
using lib::cairo::Colour;
using lib::cairo::Pdf;
using lib::cairo::Style;

constexpr double kMargin = 13 * lib::cairo::kMillimetre;
constexpr double kWidth = kA4Width - 2 * kMargin;
constexpr double kGap = 12;
constexpr double kPadding = 14;
constexpr double kRadius = 12;
constexpr Colour kEdge{0.72, 0.77, 0.82};
constexpr Colour kPale{0.93, 0.97, 0.98};  // ink costs money
constexpr Colour kNote{1.0, 0.95, 0.80};
constexpr Colour kPaleText{0.83, 0.93, 0.96};

// Spaces before : ! ? » and after « are no-break spaces, as on the page.
const Bilingual kFollow{"Suivez la réunion sur votre téléphone", "Follow the meeting on your phone"};
const Bilingual kNoApp{"Sans application, sans compte", "No app, no account"};
const Bilingual kJoin{"Connectez-vous au Wi-Fi", "Join the Wi-Fi"};
const Bilingual kOpen{"Ouvrez la page", "Open the page"};
const Bilingual kScan{"Visez le code avec l’appareil photo du téléphone, ou tapez l’adresse :",
                      "Point the phone’s camera at the code, or type the address:"};
const Bilingual kNetwork{"Réseau", "Network"};
const Bilingual kPassword{"Mot de passe", "Password"};
const Bilingual kOpenNetwork{"sans mot de passe", "no password"};
const Bilingual kHidden{"Réseau masqué : « Ajouter un réseau »", "Hidden network: “Add network”"};
const Bilingual kNoInternet{
    "Si le téléphone dit « pas d’Internet », choisissez « Rester connecté » ou coupez les données mobiles.",
    "If the phone says “no Internet”, choose “Stay connected” or turn mobile data off."};

class Page {
 public:
  explicit Page(const Poster& poster)
      : poster_{poster}, pdf_{kA4Width, kA4Height, poster.hub, poster.language, poster.created} {}

  std::string draw() {
    const double top = band(kMargin) + kGap;
    const double bottom = note() - kGap;
    if (poster_.wifi.ssid.empty()) {
      single({kMargin, top, kWidth, bottom - top});
    } else {
      // The address stands below its code over the whole width: the second card is that much higher.
      constexpr double kStrip = 46;
      const double each = (bottom - top - kGap - kStrip) / 2;
      network({kMargin, top, kWidth, each});
      address({kMargin, top + each + kGap, kWidth, each + kStrip}, kStrip);
    }
    return pdf_.finish();
  }

 private:
  const std::string& say(const Bilingual& text) const { return text.in(poster_.language); }
  const std::string& beside(const Bilingual& text) const { return text.beside(poster_.language); }

  /// The name of the hub on top. @return where it ends
  double band(double y) {
    const double inner = kWidth - 2 * kPadding;
    const Style name = fitted(pdf_, poster_.hub, {.size = 38, .bold = true, .colour = kWhite}, inner, 62, 13);
    const std::string other = beside(kFollow) + " · " + beside(kNoApp);
    const std::string main = say(kFollow) + ". " + say(kNoApp) + ".";
    const Style follow = fitted(pdf_, main, {.size = 17, .colour = kWhite}, inner, 22, 10);
    const Style small = fitted(pdf_, other, {.size = 12.5, .colour = kPaleText}, inner, 18, 8);
    const double height = 2 * kPadding + pdf_.measure(poster_.hub, name, inner).height + 4 +
                          pdf_.measure(main, follow, inner).height + pdf_.measure(other, small, inner).height;
    pdf_.panel({kMargin, y, kWidth, height}, kRadius, kAccent);
    double at = y + kPadding;
    at += pdf_.text(kMargin + kPadding, at, inner, poster_.hub, name) + 4;
    at += pdf_.text(kMargin + kPadding, at, inner, main, follow);
    pdf_.text(kMargin + kPadding, at, inner, other, small);
    return y + height;
  }

  /// What to do when the phone misses the Internet, at the foot. @return where it begins
  double note() {
    const double inner = kWidth - 2 * kPadding;
    const Style main =
        fitted(pdf_, say(kNoInternet), {.size = 18, .bold = true, .colour = kInk}, inner, 44, 12);
    const Style other = fitted(pdf_, beside(kNoInternet), {.size = 13, .colour = kQuiet}, inner, 17, 10);
    const double height = 2 * 11 + pdf_.measure(say(kNoInternet), main, inner).height + 4 +
                          pdf_.measure(beside(kNoInternet), other, inner).height;
    const double y = kA4Height - kMargin - height;
    pdf_.panel({kMargin, y, kWidth, height}, kRadius, kNote);
    double at = y + 11;
    at += pdf_.text(kMargin + kPadding, at, inner, say(kNoInternet), main) + 4;
    pdf_.text(kMargin + kPadding, at, inner, beside(kNoInternet), other);
    return y;
  }

  void card(const Box& box) {
    pdf_.panel(box, kRadius, kPale);
    pdf_.frame(box, kRadius, 1, kEdge);
  }

  /// A white tile with the code in it.
  void code(const std::string& text, const Box& box) {
    pdf_.panel(box, 6, kWhite);
    draw_qr(pdf_, text, box.x, box.y, box.width);
  }

  /// "1  Connectez-vous au Wi-Fi". @param step  empty: without number. @return where it ends
  double heading(const std::string& step, const Bilingual& text, double x, double y, double width) {
    double left = x;
    if (!step.empty()) {
      constexpr double kBadge = 38;
      pdf_.panel({x, y, kBadge, kBadge}, kBadge / 2, kAccent);
      const Style digit{.size = 23, .bold = true, .colour = kWhite, .align = Align::Centre};
      pdf_.text(x, y + (kBadge - pdf_.measure(step, digit, kBadge).height) / 2, kBadge, step, digit);
      left += kBadge + 10;
    }
    const double room = x + width - left;
    const Style main = fitted(pdf_, say(text), {.size = 22, .bold = true, .colour = kInk}, room, 56, 14);
    double at = y;
    at += pdf_.text(left, at, room, say(text), main);
    at += pdf_.text(left, at, room, beside(text), {.size = 15, .colour = kQuiet});
    return at;
  }

  /// "Réseau · Network" and below it what people type. @return where it ends
  double entry(const Bilingual& label, const std::string& value, bool mono, double x, double y, double width,
               double height) {
    const std::string both = say(label) + " · " + beside(label);
    double at = y + pdf_.text(x, y, width, both, {.size = 12.5, .colour = kQuiet}) + 1;
    const Style style = fitted(pdf_, value, {.size = 27, .bold = true, .mono = mono, .colour = kInk}, width,
                               height - (at - y), 11);
    return at + pdf_.text(x, at, width, value, style);
  }

  void network(const Box& box) {
    card(box);
    const auto& wifi = poster_.wifi;
    const double side = box.height - 2 * kPadding;
    code(wifi_text(wifi), {box.x + kPadding, box.y + kPadding, side, side});
    const double x = box.x + kPadding + side + 18;
    const double width = box.right() - kPadding - x;
    const double end = box.bottom() - kPadding;
    double at = heading("1", kJoin, x, box.y + kPadding + 2, width) + 12;
    const bool open = wifi.security == WifiSettings::Security::None;
    const double hint = wifi.hidden ? 34 : 0;
    const double room = end - at - hint - 8;
    at = entry(kNetwork, wifi.ssid, false, x, at, width, open ? room * 0.6 : room * 0.5) + 8;
    at = open ? at + pdf_.text(x, at, width, say(kOpenNetwork) + " · " + beside(kOpenNetwork),
                               {.size = 15, .colour = kInk})
              : entry(kPassword, wifi.password, true, x, at, width, end - at - hint);
    if (wifi.hidden) {
      at += 4;
      at += pdf_.text(x, at, width, say(kHidden), {.size = 11, .colour = kInk});
      pdf_.text(x, at, width, beside(kHidden), {.size = 10, .colour = kQuiet});
    }
  }

  void address(const Box& box, double strip) {
    card(box);
    const double side = box.height - strip - 2 * kPadding;
    code(poster_.address, {box.x + kPadding, box.y + kPadding, side, side});
    const double x = box.x + kPadding + side + 18;
    const double width = box.right() - kPadding - x;
    double at = heading("2", kOpen, x, box.y + kPadding + 2, width) + 14;
    at += pdf_.text(x, at, width, say(kScan), {.size = 16, .colour = kInk}) + 6;
    pdf_.text(x, at, width, beside(kScan), {.size = 12.5, .colour = kQuiet});
    in_clear({box.x + kPadding, box.bottom() - strip - kPadding / 2, box.width - 2 * kPadding, strip});
  }

  /// The one code of a hub that does not say its Wi-Fi, as large as it goes.
  void single(const Box& box) {
    card(box);
    constexpr double kStrip = 50;
    double at = box.y + kPadding;
    const double inner = box.width - 2 * kPadding;
    const Style main{.size = 28, .bold = true, .colour = kInk, .align = Align::Centre};
    const Style other{.size = 17, .colour = kQuiet, .align = Align::Centre};
    const Style scan =
        fitted(pdf_, say(kScan), {.size = 16, .colour = kInk, .align = Align::Centre}, inner, 20, 11);
    const Style scan_other{.size = 12, .colour = kQuiet, .align = Align::Centre};
    const double x = box.x + kPadding;
    at += pdf_.text(x, at, inner, say(kOpen), main);
    at += pdf_.text(x, at, inner, beside(kOpen), other) + 8;
    const double below = pdf_.measure(say(kScan), scan, inner).height +
                         pdf_.measure(beside(kScan), scan_other, inner).height + kStrip + 10;
    const double side = std::min(inner, box.bottom() - kPadding / 2 - below - at);
    code(poster_.address, {box.x + (box.width - side) / 2, at, side, side});
    at += side + 6;
    at += pdf_.text(x, at, inner, say(kScan), scan);
    at += pdf_.text(x, at, inner, beside(kScan), scan_other) + 4;
    in_clear({x, at, inner, kStrip});
  }

  /// The address as one line, in the middle of @p box.
  void in_clear(const Box& box) {
    const Style style =
        fitted(pdf_, poster_.address, {.size = 36, .bold = true, .colour = kAccent, .align = Align::Centre},
               box.width, box.height, 9);
    const double height = pdf_.measure(poster_.address, style, box.width).height;
    pdf_.text(box.x, box.y + (box.height - height) / 2, box.width, poster_.address, style);
  }

  const Poster& poster_;
  Pdf pdf_;
};

}  // namespace

std::string poster_pdf(const Poster& poster) {
  return Page{poster}.draw();
}

}  // namespace hub::reports
