import type { Where } from "./api";
import { state } from "./app";
import { h, refresh, unique_id } from "./dom";
import { t } from "./i18n";
import { session_words, sessions_now } from "./sessions";

/** Which session a sign-in counts for: said if there is one, asked if several take sign-ins, nothing if the day is it. */
export class SessionChoice {
  readonly element: HTMLElement;
  private readonly options_ = h("div", { class: "options column" });
  private drawn_ = "";
  private chosen_: string | null = null;

  constructor() {
    this.element = h(
      "div",
      { hidden: () => sessions_now().length === 0 },
      h("p", { class: "session", dir: "auto", hidden: () => sessions_now().length !== 1 }, () => sessions_now().map(session_words).join()),
      h("fieldset", { hidden: () => sessions_now().length < 2 }, h("legend", {}, () => t().which_session), this.options_),
    );
  }

  /** Draws the choice again if other sessions take sign-ins, or the language changed. */
  update(): void {
    const sessions = sessions_now();
    const now = JSON.stringify([t().code, sessions.map((session) => [session.id, session_words(session)])]);
    if (now === this.drawn_) return;
    this.drawn_ = now;
    if (!sessions.some((session) => session.id === this.chosen_)) this.chosen_ = state.hub?.session?.id ?? null;
    while (this.options_.firstChild) this.options_.firstChild.remove();
    const name = unique_id("session");
    for (const session of sessions) {
      const radio = h("input", { type: "radio", name, value: session.id, on: { change: () => (this.chosen_ = session.id) } });
      radio.checked = session.id === this.chosen_;
      this.options_.append(h("label", { class: "option" }, radio, h("span", { dir: "auto" }, session_words(session))));
    }
    refresh();
  }

  /** Forgets what was chosen. */
  reset(): void {
    this.chosen_ = null;
    this.drawn_ = "";
    this.update();
  }

  /** Named only where there is a choice: the hub knows best which session is the one now. */
  where(): Where {
    return sessions_now().length > 1 && this.chosen_ ? { session: this.chosen_ } : {};
  }
}
