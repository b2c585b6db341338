import { Api, ApiError, SignIn } from "./api";
import { explain, reload_me, state } from "./app";
import { CodeEntry } from "./code_entry";
import { focus_on, h, refresh } from "./dom";
import { t } from "./i18n";
import { SessionChoice } from "./session_choice";
import { SignInForm } from "./sign_in_form";

/** The first screen: with a name, or without one, equally easy. Also used to add a person beside. */
export class SignInView {
  readonly element: HTMLElement;
  private readonly heading_: HTMLElement;
  private readonly form_: SignInForm;
  private readonly code_: CodeEntry;
  private readonly choice_ = new SessionChoice();
  private busy_ = false;
  private form_shown_ = false;
  private adding_ = false;
  private problem_: (() => string) | null = null;

  /** @param done  called when somebody was signed in, or when the person went on without */
  constructor(
    private readonly api_: Api,
    private readonly done_: (signed_in: boolean) => void,
  ) {
    this.heading_ = h("h2", { tabindex: "-1" }, () => (this.adding_ ? t().add_title : t().welcome));
    this.form_ = new SignInForm(
      { autocomplete: true },
      (body) => void this.send_(body),
      () => !this.form_shown_,
      h("button", { type: "submit", class: "primary wide", disabled: () => this.busy_ }, () => (this.busy_ ? t().sending : t().submit)),
    );
    this.code_ = new CodeEntry(api_, () => this.leave_(true));
    this.element = h(
      "section",
      { class: "card sign-in", hidden: true },
      this.heading_,
      h("p", { class: "lead" }, () => (this.adding_ ? t().add_text : t().welcome_text(state.hub?.name ?? ""))),
      this.choice_.element,
      h("p", { class: "question" }, () => t().how),
      h(
        "div",
        { class: "pair" },
        h(
          "button",
          {
            type: "button",
            class: "primary",
            "aria-expanded": () => String(this.form_shown_),
            "aria-controls": this.form_.id,
            on: { click: () => this.show_form_() },
          },
          () => t().with_name,
        ),
        h("button", { type: "button", class: "outline", disabled: () => this.busy_, on: { click: () => void this.send_({ anonymous: true }) } }, () => t().without_name),
      ),
      h("p", { class: "hint", hidden: () => this.form_shown_ }, () => t().without_name_hint),
      this.form_.element,
      h("p", { class: "problem", role: "alert" }, () => this.problem_?.() ?? ""),
      h("button", { type: "button", class: "quiet wide skip", on: { click: () => this.leave_(false) } }, () => (this.adding_ ? t().cancel : t().skip)),
      this.code_.element,
    );
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  /** @param adding  for one more person on this device */
  show(adding: boolean): void {
    this.adding_ = adding;
    this.form_shown_ = false;
    this.code_.show(!adding && state.me.persons.length === 0);
    this.clear_();
    this.update_sessions();
    this.element.hidden = false;
    refresh();
  }

  focus(): void {
    focus_on(this.heading_);
  }

  update_sessions(): void {
    this.choice_.update();
  }

  private clear_(): void {
    this.form_.clear();
    this.problem_ = null;
  }

  private leave_(signed_in: boolean): void {
    this.element.hidden = true;
    this.clear_();
    this.done_(signed_in);
  }

  private show_form_(): void {
    this.form_shown_ = true;
    this.code_.show(false);
    this.form_.element.hidden = false;
    refresh();
    this.form_.focus();
  }

  private async send_(body: SignIn | { anonymous: true }): Promise<void> {
    if (this.busy_) return;
    this.busy_ = true;
    this.problem_ = null;
    refresh();
    try {
      await this.api_.sign_in({ ...body, ...this.choice_.where() });
      await reload_me(this.api_);
      this.leave_(true);
    } catch (error) {
      const sentence = explain(error);
      const field = error instanceof ApiError ? error.field : null;
      if (!field || !this.form_.refuse(field, () => sentence)) this.problem_ = () => sentence;
    } finally {
      this.busy_ = false;
      refresh();
    }
  }
}
