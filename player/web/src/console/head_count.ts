import { h, refresh, unique_id } from "../dom";
import { api, desk_choice, feeds } from "./host";
import { problem_line, say, Task } from "./ui";
import { w } from "./words";

const kSettleMs = 700;
const kMost = 99_999;

/** How many heads there are in the room, as the host counts them: typed, or one more and one fewer. */
export class HeadCount {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly input_: HTMLInputElement;
  private timer_ = 0;
  /** Typed or pressed, and not yet known to the hub. */
  private touched_ = false;
  /** The session that was counted for; another may be chosen before the count is sent. */
  private session_: string | null = null;

  constructor() {
    const id = unique_id("heads");
    this.input_ = h("input", {
      id, type: "number", name: "head-count", min: "0", max: String(kMost), step: "1", inputmode: "numeric", "aria-describedby": `${id}-hint`,
      on: { input: () => this.settle_(), keydown: (event) => this.key_(event) },
    });
    const step = (by: number, sign: string, words: () => string): HTMLElement =>
      h("button", { type: "button", class: "outline square", "aria-label": words, on: { click: () => this.step_(by) } }, sign);
    this.element = h(
      "div",
      { class: "field heads" },
      h("label", { for: id }, () => w().head_count_label),
      h("div", { class: "stepper" }, step(-1, "−", () => w().one_fewer), this.input_, step(1, "+", () => w().one_more)),
      h("p", { class: "hint", id: `${id}-hint` }, () => (this.touched_ ? w().counting : w().head_count_hint)),
      problem_line(this.task_),
    );
    feeds.desk.on_change((desk) => {
      if (this.touched_ || document.activeElement === this.input_) return;
      this.input_.value = desk.head_count === null ? "" : String(desk.head_count);
    });
  }

  private step_(by: number): void {
    const now = Number(this.input_.value || 0);
    this.input_.value = String(Math.min(kMost, Math.max(0, (Number.isFinite(now) ? now : 0) + by)));
    this.settle_();
  }

  private key_(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.settle_();
    this.send_();
  }

  /** Waits for the last of several presses. */
  private settle_(): void {
    this.touched_ = true;
    this.session_ = desk_choice.session;
    clearTimeout(this.timer_);
    this.timer_ = window.setTimeout(() => this.send_(), kSettleMs);
    refresh();
  }

  private send_(): void {
    clearTimeout(this.timer_);
    const text = this.input_.value.trim();
    const count = Number(text);
    if (text === "" && this.input_.validity.valid) {
      // Nothing typed is no count, and no fault.
      this.touched_ = false;
      return this.task_.fail(null);
    }
    if (text === "" || !Number.isInteger(count) || count < 0 || count > kMost) return this.task_.fail(() => w().bad_count);
    if (this.task_.busy) {
      this.timer_ = window.setTimeout(() => this.send_(), kSettleMs);
      return;
    }
    void this.task_.run(async () => {
      await api.head_count(this.session_, count);
      this.touched_ = this.input_.value.trim() !== text;
      say(() => w().counted(count));
      await Promise.all([feeds.now.load(), feeds.desk.load()]);
    });
  }
}
