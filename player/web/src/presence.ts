import { Api, ApiError, Session } from "./api";
import { explain, reload_me, state } from "./app";
import { h, icon, refresh } from "./dom";
import { t } from "./i18n";
import { icons } from "./icons";
import { over, session_words, sessions_to_join } from "./sessions";

/** The strip that says whether this device is counted, for whom and where; a next session or day takes one tap. */
export class PresenceView {
  readonly element: HTMLElement;
  private readonly again_ = h("div", { class: "again" });
  private again_drawn_ = "";
  private problem_: (() => string) | null = null;
  private thanked_ = false;
  private left_ = false;
  private busy_ = false;

  /** @param sign_in  shows the sign-in screen
   *  @param signed_in  called when everybody of this device is here again */
  constructor(
    private readonly api_: Api,
    sign_in: (adding: boolean) => void,
    private readonly signed_in_: () => void,
  ) {
    const present = (): boolean => state.me.present;
    const known = (): boolean => state.me.persons.length > 0;
    this.element = h(
      "section",
      { class: "card presence", "aria-label": () => t().sign },
      h(
        "p",
        { class: "presence-line", role: "status" },
        h("span", { class: "badge ok", hidden: () => !present() }, icon(icons.check)),
        h("span", { class: "presence-words" }, () => this.words_(), h("span", { class: "hint", hidden: () => this.hint_() === "" }, () => this.hint_())),
      ),
      h("p", { class: "question names", dir: "auto", hidden: () => present() || !known() }, () => this.names_()),
      this.again_,
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "primary", hidden: known, on: { click: () => sign_in(false) } }, () => t().sign),
        h("button", { type: "button", class: "outline", hidden: () => !known(), on: { click: () => sign_in(true) } }, () => (present() ? t().add_person : t().somebody_else)),
        h("button", { type: "button", class: "outline", hidden: () => !present(), disabled: () => this.busy_, on: { click: () => void this.leave_() } }, () => t().leave),
      ),
      h("p", { class: "hint code", hidden: () => !state.me.code || !known() }, () => (state.me.code ? t().your_code(state.me.code) : "")),
    );
  }

  /** Says thanks under the names while this device is counted. */
  thank(): void {
    this.left_ = false;
    this.thanked_ = true;
    this.problem_ = null;
    refresh();
  }

  /** Draws the buttons "I am here" again if another session takes sign-ins, or the language changed. */
  update(): void {
    const sessions = state.me.persons.length > 0 ? sessions_to_join() : [];
    const now = JSON.stringify([t().code, sessions.map(session_words), sessions.map((session) => session.id)]);
    if (now === this.again_drawn_) return;
    const focused = this.again_.contains(document.activeElement);
    this.again_drawn_ = now;
    while (this.again_.firstChild) this.again_.firstChild.remove();
    for (const session of sessions) this.again_.append(this.join_(session));
    if (focused) (this.again_.querySelector("button") ?? this.element.querySelector("button"))?.focus();
    refresh();
  }

  private join_(session: Session): HTMLElement {
    return h(
      "button",
      { type: "button", class: "primary wide", disabled: () => this.busy_, on: { click: () => void this.join_in_(session) } },
      h("span", {}, t().here_again, h("span", { class: "where", dir: "auto" }, session_words(session))),
    );
  }

  private async join_in_(session: Session): Promise<void> {
    await this.ask_(async () => {
      await this.api_.sign_in_again(session.id.startsWith("local:") ? {} : { session: session.id });
      await reload_me(this.api_);
      this.thank();
      this.signed_in_();
    });
  }

  /** Under the words; says so, too, when another session opens while this one goes on. */
  private hint_(): string {
    if (this.problem_) return this.problem_();
    if (!state.me.present) return "";
    if (sessions_to_join().length > 0) return t().another_session;
    return this.thanked_ ? t().present_thanks : "";
  }

  private names_(): string {
    const names = state.me.persons.filter((person) => !person.anonymous && person.name).map((person) => person.name as string);
    if (names.length === 0) return t().my_data_anonymous;
    if (names.length < state.me.persons.length) names.push(t().without_name_short);
    return names.join(", ");
  }

  private words_(): string {
    const me = state.me;
    if (me.present) {
      const named = me.persons.some((person) => !person.anonymous && person.name);
      return named ? t().present_named(this.names_()) : t().present_anonymous;
    }
    if (this.left_) return t().left;
    if (me.persons.length === 0) return t().away;
    return over() && sessions_to_join().every((session) => session.id.startsWith("local:")) ? t().session_over : t().are_you_here;
  }

  private async leave_(): Promise<void> {
    await this.ask_(async () => {
      await this.api_.sign_out();
      await reload_me(this.api_);
      this.left_ = true;
      this.thanked_ = false;
    });
  }

  private async ask_(what: () => Promise<void>): Promise<void> {
    if (this.busy_) return;
    this.busy_ = true;
    this.problem_ = null;
    refresh();
    try {
      await what();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem_ = () => explain(error);
    } finally {
      this.busy_ = false;
      this.update();
      refresh();
    }
  }
}
