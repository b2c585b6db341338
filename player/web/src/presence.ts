import { Api, ApiError } from "./api";
import { explain, reload_me, state } from "./app";
import { h, icon, refresh } from "./dom";
import { t } from "./i18n";
import { icons } from "./icons";

/** The strip that says whether this device is counted, and for whom. */
export class PresenceView {
  readonly element: HTMLElement;
  private note_: (() => string) | null = null;
  private left_ = false;
  private busy_ = false;

  /** @param sign_in  shows the sign-in screen */
  constructor(
    private readonly api_: Api,
    sign_in: (adding: boolean) => void,
  ) {
    const present = (): boolean => state.me.present;
    this.element = h(
      "section",
      { class: "card presence", "aria-label": () => t().sign },
      h(
        "p",
        { class: "presence-line", role: "status" },
        h("span", { class: "badge ok", hidden: () => !present() }, icon(icons.check)),
        h("span", { class: "presence-words" }, () => this.words_(), h("span", { class: "hint", hidden: () => this.note_ === null }, () => this.note_?.() ?? "")),
      ),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "primary", hidden: present, on: { click: () => sign_in(false) } }, () => t().sign),
        h("button", { type: "button", class: "outline", hidden: () => !present(), on: { click: () => sign_in(true) } }, () => t().add_person),
        h("button", { type: "button", class: "outline", hidden: () => !present(), disabled: () => this.busy_, on: { click: () => void this.leave_() } }, () => t().leave),
      ),
    );
  }

  /** Says thanks under the names until the next change. */
  thank(): void {
    this.left_ = false;
    this.note_ = () => t().present_thanks;
    refresh();
  }

  private words_(): string {
    if (!state.me.present) return this.left_ ? t().left : t().away;
    const named = state.me.persons.filter((person) => !person.anonymous && person.name);
    const names = named.map((person) => person.name as string);
    if (names.length === 0) return t().present_anonymous;
    if (named.length < state.me.persons.length) names.push(t().without_name_short);
    return t().present_named(names.join(", "));
  }

  private async leave_(): Promise<void> {
    this.busy_ = true;
    refresh();
    try {
      await this.api_.sign_out();
      await reload_me(this.api_);
      this.left_ = true;
      this.note_ = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.note_ = () => explain(error);
    } finally {
      this.busy_ = false;
      refresh();
    }
  }
}
