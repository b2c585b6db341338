import { Api, ApiError } from "./api";
import { explain, state } from "./app";
import { h, refresh, unique_id } from "./dom";
import { t } from "./i18n";

/** "I have a code already": the hub got another address, and the phone is known again by its code. */
export class CodeEntry {
  readonly element: HTMLElement;
  private readonly input_: HTMLInputElement;
  private open_ = false;
  private busy_ = false;
  private problem_: (() => string) | null = null;

  /** @param done  called when the hub knows this phone again */
  constructor(
    private readonly api_: Api,
    private readonly done_: () => void,
  ) {
    const id = unique_id("code");
    const problem_id = `${id}-problem`;
    this.input_ = h("input", {
      id,
      name: "code",
      type: "text",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      "aria-describedby": problem_id,
      "aria-invalid": () => (this.problem_ ? "true" : null),
      on: {
        input: () => {
          this.problem_ = null;
          refresh();
        },
      },
    });
    const form = h(
      "form",
      { id: `${id}-form`, class: "code-form", novalidate: true, hidden: () => !this.open_, on: { submit: (event) => void this.send_(event) } },
      h("div", { class: "field" }, h("label", { for: id }, () => t().code_label), this.input_, h("p", { class: "problem", id: problem_id, role: "alert" }, () => this.problem_?.() ?? "")),
      h("button", { type: "submit", class: "outline wide", disabled: () => this.busy_ }, () => (this.busy_ ? t().sending : t().code_submit)),
    );
    this.element = h(
      "div",
      { class: "code-entry" },
      h("button", { type: "button", class: "quiet wide", "aria-expanded": () => String(this.open_), "aria-controls": form.id, on: { click: () => this.toggle_(form) } }, () => t().have_code),
      form,
    );
  }

  /** @param offered  whether there is reason to ask */
  show(offered: boolean): void {
    this.element.hidden = !offered;
    this.open_ = false;
    this.input_.value = "";
    this.problem_ = null;
  }

  private toggle_(form: HTMLElement): void {
    this.open_ = !this.open_;
    form.hidden = !this.open_;
    refresh();
    if (this.open_) this.input_.focus();
  }

  private async send_(event: Event): Promise<void> {
    event.preventDefault();
    // As people copy it: small letters, spaces and hyphens.
    const code = this.input_.value.replace(/[\s-]/g, "").toUpperCase();
    if (this.busy_) return;
    if (code === "") {
      this.refuse_(() => t().problem_code);
      return;
    }
    this.busy_ = true;
    this.problem_ = null;
    refresh();
    try {
      state.me = await this.api_.sign_in_code(code);
      this.done_();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const wait = Number(error.details["retry_after_s"]);
      const sentence = explain(error);
      this.refuse_(() => (wait > 0 ? `${sentence} ${t().wait_seconds(Math.ceil(wait))}` : sentence));
    } finally {
      this.busy_ = false;
      refresh();
    }
  }

  private refuse_(problem: () => string): void {
    this.problem_ = problem;
    refresh();
    this.input_.focus();
  }
}
