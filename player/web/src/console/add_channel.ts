import { h, refresh } from "../dom";
import { t } from "../i18n";
import { api, feeds } from "./host";
import type { HostChannel, Ietf, NewChannel, TestResult } from "./host_api";
import { number } from "./time";
import { action, field, problem_line, say, Task } from "./ui";
import { w } from "./words";

const kTestS = 15;

/** "Paste an address": try it, name it, put it on. */
export class AddChannel {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly testing_ = new Task();
  private readonly uri_ = field(() => w().address_label, { type: "text", inputmode: "url", name: "uri", required: true, spellcheck: "false" }, () => w().address_hint);
  private readonly title_ = field(() => w().title_label, { name: "title" });
  private result_: { uri: string; result: TestResult } | null = null;
  private began_ms_ = 0;
  private timer_ = 0;
  private proposal_: { channel: HostChannel; ietf: Ietf } | null = null;

  constructor(private readonly propose_: (channel: HostChannel, ietf: Ietf) => void) {
    this.uri_.input.addEventListener("input", () => refresh());
    const form = h(
      "form",
      { novalidate: true, on: { submit: (event) => this.add_(event) } },
      this.uri_.element,
      h(
        "div",
        { class: "test" },
        action(() => (this.testing_.busy ? w().testing : w().test), this.testing_, () => this.test_()),
        h("progress", { max: String(kTestS), value: () => String(this.seconds_()), hidden: () => !this.testing_.busy, "aria-label": () => w().testing }),
        h("p", { class: () => (this.works_() ? "result ok" : "result bad"), role: "status", dir: "auto", hidden: () => this.testing_.busy || this.answer_() === "" }, () => this.answer_()),
        problem_line(this.testing_),
      ),
      this.title_.element,
      problem_line(this.task_),
      h("button", { type: "submit", class: "primary", "aria-busy": () => (this.task_.busy ? "true" : null) }, () => (this.task_.busy ? w().adding : w().add_channel)),
    );
    const title = (): string => this.proposal_?.channel.title ?? "";
    this.element = h(
      "div",
      { class: "card", role: "region", "aria-labelledby": "add-channel-title" },
      h("h3", { id: "add-channel-title" }, () => w().paste_address),
      form,
      h(
        "div",
        { class: "proposal", role: "status", hidden: () => !this.proposal_ },
        h("p", { dir: "auto" }, () => (this.proposal_ ? w().propose_session(title(), this.proposal_.ietf.meeting) : "")),
        h(
          "div",
          { class: "row" },
          h("button", { type: "button", class: "primary", on: { click: () => this.take_() } }, () => w().open_this_session),
          h("button", { type: "button", class: "quiet", on: { click: () => this.drop_() } }, () => w().not_now),
        ),
      ),
    );
  }

  private seconds_(): number {
    return Math.min(kTestS, (performance.now() - this.began_ms_) / 1000);
  }

  /** What the test of the address that stands there now has said. */
  private shown_(): TestResult | null {
    return this.result_?.uri === this.uri_.input.value.trim() ? this.result_.result : null;
  }
  private works_(): boolean {
    return this.shown_()?.ok ?? false;
  }
  private answer_(): string {
    const result = this.shown_();
    if (!result) return "";
    if (!result.ok) return w().test_failed(result.error || (t().reasons[result.code] ?? result.code));
    return w().test_works(result.tracks.join(", "), result.kbps > 0 ? number(result.kbps) : "");
  }

  private async test_(): Promise<void> {
    const uri = this.address_(this.testing_);
    if (!uri) return;
    this.began_ms_ = performance.now();
    clearInterval(this.timer_);
    this.timer_ = window.setInterval(refresh, 500);
    try {
      const result = await api.test(uri);
      this.result_ = { uri, result };
      if (result.ok && result.title && !this.title_.input.value) this.title_.input.value = result.title;
    } finally {
      clearInterval(this.timer_);
    }
  }

  /** The address, or nothing and a word about it. */
  private address_(task: Task): string {
    const uri = this.uri_.input.value.trim();
    if (uri) return uri;
    this.uri_.input.focus();
    task.fail(() => w().need_address);
    return "";
  }

  private add_(event: Event): void {
    event.preventDefault();
    const uri = this.address_(this.task_);
    const title = this.title_.input.value.trim();
    if (!uri) return;
    if (!title) {
      this.title_.input.focus();
      return this.task_.fail(() => w().need_title);
    }
    void this.task_.run(async () => {
      const body: NewChannel = { title, uri };
      const channel = await api.add_channel(body);
      this.uri_.input.value = "";
      this.title_.input.value = "";
      this.result_ = null;
      this.proposal_ = channel.ietf ? { channel, ietf: channel.ietf } : null;
      say(() => w().channel_added(title));
      await feeds.channels.load();
    });
  }

  private take_(): void {
    const proposal = this.proposal_;
    this.drop_();
    if (proposal) this.propose_(proposal.channel, proposal.ietf);
  }

  private drop_(): void {
    this.proposal_ = null;
    refresh();
  }
}
