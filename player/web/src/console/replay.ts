import { h, icon, refresh, unique_id } from "../dom";
import { icons } from "../icons";
import { api, feeds } from "./host";
import type { HostChannel } from "./host_api";
import { clock, parse_position, position } from "./time";
import { action, field, problem_line, say, Task } from "./ui";
import { w } from "./words";

/** Pause, resume and seek a recording for the whole room. */
export class ReplayControls {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly bar_: HTMLInputElement;
  private dragged_ = false;
  private seen_: { position_s: number; paused: boolean; state: string } | null = null;
  private seen_ms_ = 0;

  constructor(private readonly now_: () => HostChannel) {
    const id = unique_id("position");
    this.bar_ = h("input", {
      id, type: "range", min: "0", step: "1", class: "position",
      "aria-valuetext": () => w().position_of(position(this.at_()), position(this.length_())),
      max: () => String(Math.floor(this.length_())),
      on: {
        input: () => {
          this.dragged_ = true;
          refresh();
        },
        change: () => {
          const to = Number(this.bar_.value);
          void this.task_.run(() => this.seek_({ position_s: to }, to)).then(() => (this.dragged_ = false));
        },
      },
    });
    const to_time = field(() => w().go_to, { placeholder: "1:02:30", inputmode: "text", class: "short" });
    const jump = (label: () => string, spoken: () => string, by_s: number): HTMLElement =>
      action(label, this.task_, () => this.seek_({ by_s }, Math.min(this.length_(), Math.max(0, this.at_() + by_s))), { "aria-label": spoken });
    const go = async (): Promise<void> => {
      const seconds = parse_position(to_time.input.value);
      if (seconds === null || seconds > this.length_()) {
        to_time.input.focus();
        return this.task_.fail(() => w().bad_position(position(this.length_())));
      }
      await this.task_.run(async () => {
        await this.seek_({ position_s: seconds }, seconds);
        to_time.input.value = "";
      });
    };
    this.element = h(
      "div",
      { class: "replay", role: "group", "aria-label": () => w().replay, hidden: () => !this.now_().replay },
      h("p", { class: "hint", hidden: () => !this.waits_() }, () => w().replay_starts_at(clock(this.now_().replay?.starts_at ?? null))),
      h(
        "div",
        { class: "position-line" },
        h("label", { for: id }, () => w().position),
        h("output", { for: id, class: "position-words" }, () => `${position(this.at_())} / ${position(this.length_())}`),
      ),
      this.bar_,
      action(
        () => (this.paused_() ? w().resume : w().pause),
        this.task_,
        () => this.order_(this.paused_() ? "resume" : "pause"),
        { class: () => (this.paused_() ? "primary wide big" : "outline wide big"), "aria-label": () => (this.paused_() ? w().resume_it : w().pause_it)(this.now_().title) },
        h("span", { class: "swap", hidden: () => this.paused_() }, icon(icons.pause)),
        h("span", { class: "swap", hidden: () => !this.paused_() }, icon(icons.play)),
      ),
      h(
        "div",
        { class: "jumps" },
        jump(() => "− 5 min", () => w().back_by(w().minutes(5)), -300),
        jump(() => "− 30 s", () => w().back_by(w().seconds(30)), -30),
        jump(() => "+ 30 s", () => w().forward_by(w().seconds(30)), 30),
        jump(() => "+ 5 min", () => w().forward_by(w().minutes(5)), 300),
      ),
      h(
        "form",
        { class: "inline", on: { submit: (event) => { event.preventDefault(); void go(); } } },
        to_time.element,
        h("button", { type: "submit", class: "outline", "aria-busy": () => (this.task_.busy ? "true" : null) }, () => w().go),
      ),
      problem_line(this.task_),
    );
    feeds.channels.on_change(() => this.note_());
    this.note_();
    const timer = window.setInterval(() => {
      // A channel that was taken away leaves no clock behind.
      if (this.element.isConnected) this.move_();
      else if (this.seen_) clearInterval(timer);
    }, 1000);
  }

  private paused_(): boolean {
    return this.now_().replay?.paused ?? false;
  }
  private length_(): number {
    return this.now_().replay?.duration_s ?? 0;
  }
  private waits_(): boolean {
    const starts_at = this.now_().replay?.starts_at;
    return !!starts_at && Date.parse(starts_at) > Date.now();
  }

  /** The position now: what the hub said last, moved on while it plays. */
  private at_(): number {
    if (this.dragged_) return Number(this.bar_.value);
    const replay = this.now_().replay;
    if (!replay) return 0;
    const runs = this.now_().state === "live" && !replay.paused;
    const since_s = runs ? (performance.now() - this.seen_ms_) / 1000 : 0;
    return Math.min(replay.duration_s, replay.position_s + since_s);
  }

  private note_(): void {
    const channel = this.now_();
    if (!channel.replay) return;
    const { position_s, paused } = channel.replay;
    const before = this.seen_;
    if (!before || before.position_s !== position_s || before.paused !== paused || before.state !== channel.state) {
      this.seen_ = { position_s, paused, state: channel.state };
      this.seen_ms_ = performance.now();
    }
    this.move_();
  }

  private move_(): void {
    if (!this.dragged_) this.bar_.value = String(Math.floor(this.at_()));
    refresh();
  }

  private async order_(what: "pause" | "resume"): Promise<void> {
    await api.order_channel(this.now_().id, what);
    say(() => (what === "pause" ? w().replay_paused : w().replay_resumed));
    await feeds.channels.load();
  }

  private async seek_(to: { position_s: number } | { by_s: number }, lands_s: number): Promise<void> {
    await api.seek(this.now_().id, to);
    say(() => w().replay_moved(position(lands_s)));
    await feeds.channels.load();
  }
}
