import { Dialog, h } from "../dom";
import { t } from "../i18n";
import { feeds, host } from "./host";
import { clock, number } from "./time";
import { w } from "./words";

/** The address as phones need it. Where the machine says none, the one that this page came from. */
function address(): string {
  return feeds.machine.value?.addresses[0] ?? location.origin;
}

/** What stands above everything: the session now, its numbers side by side, the way in for phones, what is wrong. */
export class Now {
  readonly element: HTMLElement;
  private readonly codes_: HTMLImageElement[] = [];
  private readonly warnings_: HTMLUListElement;
  private warned_ = "";
  private version_ = 0;
  private readonly big_: Dialog;

  constructor() {
    this.big_ = new Dialog(
      () => w().qr_title,
      () => t().close,
      h("p", { class: "hint" }, () => w().qr_text),
      this.code_("qr-big"),
      h("p", { class: "address" }, () => address()),
    );
    this.big_.element.classList.add("qr-dialog");
    this.warnings_ = h("ul", { class: "warnings" });
    const figure = (name: string, words: () => string, value: () => number | null | undefined): HTMLElement =>
      h("div", { class: `figure ${name}` }, h("dt", {}, words), h("dd", {}, () => shown(value())));
    this.element = h(
      "section",
      { class: "now", "aria-labelledby": "now-title" },
      h(
        "div",
        { class: "card now-card" },
        h(
          "div",
          { class: "now-words" },
          h("p", { class: "overline" }, () => (host.session ? w().session_now : w().no_session_now)),
          h("h2", { id: "now-title", dir: "auto" }, () => host.session?.title ?? ""),
          h("p", { class: "meta", hidden: () => !host.session }, () => this.times_()),
          h(
            "dl",
            { class: "figures" },
            figure("present", () => w().present, () => feeds.now.value?.present ?? this.totals_()?.present),
            figure("named", () => w().named, () => feeds.now.value?.named ?? this.totals_()?.named),
            figure("anonymous", () => w().anonymous, () => feeds.now.value?.anonymous ?? this.totals_()?.anonymous),
            figure("counted", () => w().head_count, () => feeds.now.value?.head_count ?? this.totals_()?.head_count),
          ),
        ),
        h(
          "button",
          { type: "button", class: "way-in", "aria-label": () => w().qr_show(address()), on: { click: () => this.big_.open() } },
          this.code_("qr"),
          h("span", { class: "address" }, () => address()),
        ),
      ),
      this.warnings_,
    );
    feeds.machine.on_change(() => this.draw_());
  }

  /** The address may have changed: the code is drawn anew. */
  redraw_code(): void {
    this.version_ += 1;
    for (const code of this.codes_) code.src = this.source_();
  }

  private source_(): string {
    return `/api/v1/qr.svg?v=${this.version_}`;
  }

  private code_(name: string): HTMLImageElement {
    const code = h("img", { class: name, alt: () => w().qr_alt, width: "120", height: "120" });
    code.src = this.source_();
    this.codes_.push(code);
    return code;
  }

  private totals_(): { present?: number; named: number; anonymous: number; head_count: number | null } | undefined {
    return feeds.summary.value?.sessions.find((one) => one.id === host.session?.id);
  }

  private times_(): string {
    const session = host.session;
    if (!session) return "";
    const times = w().from_to(clock(session.start), clock(session.end));
    return [session.acronym ? session.acronym.toUpperCase() : "", times].filter(Boolean).join(" · ");
  }

  private draw_(): void {
    const warnings = feeds.machine.value?.warnings ?? [];
    const now = JSON.stringify(warnings);
    if (now === this.warned_) return;
    this.warned_ = now;
    this.warnings_.replaceChildren(...warnings.map(({ text }) => h("li", { dir: "auto" }, text)));
  }
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : number(value);
}
