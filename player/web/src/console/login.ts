import { ApiError } from "../api";
import { h, refresh, unique_id } from "../dom";
import { api, host } from "./host";
import type { Role } from "./host_api";
import { problem_line, Task } from "./ui";
import { w } from "./words";

/** Asks for the passphrase. A wrong one costs a wait, which is counted down. */
export class Login {
  private readonly task_ = new Task();
  private readonly input_: HTMLInputElement;
  private readonly form_: HTMLFormElement;
  private wait_until_ms_ = 0;
  private timer_ = 0;
  private again_ = false;
  readonly element: HTMLElement;

  constructor(private readonly done_: (role: Role) => void) {
    const id = unique_id("passphrase");
    this.input_ = h("input", { id, type: "password", name: "passphrase", autocomplete: "current-password", required: true, "aria-describedby": `${id}-hint` });
    this.form_ = h(
      "form",
      { on: { submit: (event) => this.submit_(event) } },
      h("div", { class: "field" }, h("label", { for: id }, () => w().passphrase), this.input_, h("p", { class: "hint", id: `${id}-hint` }, () => w().passphrase_hint)),
      problem_line(this.task_),
      h(
        "button",
        { type: "submit", class: "primary wide", "aria-busy": () => (this.task_.busy ? "true" : null), disabled: () => this.seconds_() > 0 },
        () => (this.seconds_() > 0 ? w().wait_seconds(this.seconds_()) : w().log_in),
      ),
    );
    this.element = h(
      "section",
      { class: "card login", "aria-labelledby": "login-title", hidden: true },
      h("h2", { id: "login-title", tabindex: "-1" }, () => w().login_title),
      h("p", { class: "hint" }, () => (this.again_ ? w().logged_out : w().login_text)),
      this.form_,
    );
  }

  /** @param again  the hub has forgotten who was logged in: what is typed elsewhere on the page stays */
  show(again: boolean): void {
    this.again_ = again;
    this.element.hidden = false;
    refresh();
    this.input_.focus();
  }

  private seconds_(): number {
    return Math.max(0, Math.ceil((this.wait_until_ms_ - performance.now()) / 1000));
  }

  private submit_(event: Event): void {
    event.preventDefault();
    if (this.seconds_() > 0) return;
    void this.task_.run(async () => {
      try {
        const { role } = await api.login(this.input_.value);
        this.input_.value = "";
        this.element.hidden = true;
        host.role = role;
        this.done_(role);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        this.input_.select();
        const wait_s = error.details["retry_after_s"];
        if (typeof wait_s === "number" && wait_s > 0) this.wait_(wait_s);
        throw error.message ? error : new ApiError(401, error.code, w().wrong_passphrase);
      }
    });
  }

  private wait_(seconds: number): void {
    this.wait_until_ms_ = performance.now() + seconds * 1000;
    clearInterval(this.timer_);
    this.timer_ = window.setInterval(() => {
      refresh();
      if (this.seconds_() > 0) return;
      clearInterval(this.timer_);
      this.input_.focus();
    }, 500);
  }
}
