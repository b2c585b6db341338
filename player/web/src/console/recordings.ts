import { focus_on, h } from "../dom";
import { api, feeds } from "./host";
import type { FetchSize, NewChannel, Recording } from "./host_api";
import { clock, day_and_clock, position, size, time_today } from "./time";
import { action, field, problem_line, Rows, say, sure, Task } from "./ui";
import { w } from "./words";

/** Recordings on the disk: fetch one (its size first), replay it, delete it. */
export class RecordingsView {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly uri_ = field(() => w().recording_address, { name: "uri", inputmode: "url", spellcheck: "false" }, () => w().recording_address_hint);
  private readonly title_ = field(() => w().title_optional, { name: "title" });
  private asked_: { uri: string; size: FetchSize } | null = null;
  private readonly confirm_: HTMLElement;

  constructor(private readonly to_channels_: () => void) {
    const rows = new Rows<Recording>(h("ul", { class: "cards" }), (recording) => recording.id, (now) => this.card_(now));
    const allowed = (): boolean => (feeds.recordings.value?.permission ?? "") !== "";
    this.confirm_ = h(
      "div",
      { class: "proposal", role: "group", "aria-labelledby": "fetch-size", hidden: () => !this.asked_ },
      h("p", { id: "fetch-size", tabindex: "-1" }, () => this.size_words_()),
      h(
        "div",
        { class: "row" },
        action(() => (this.task_.busy ? w().asking : w().fetch), this.task_, () => this.fetch_(), { class: "primary" }),
        h("button", { type: "button", class: "quiet", on: { click: () => this.forget_() } }, () => w().not_now),
      ),
    );
    this.element = h(
      "section",
      { "aria-labelledby": "recordings-title" },
      h("h2", { id: "recordings-title", tabindex: "-1" }, () => w().recordings),
      h("p", { class: "card notice", hidden: () => feeds.recordings.value === null || allowed() }, () => w().no_permission),
      h("p", { class: "hint", hidden: () => !allowed(), dir: "auto" }, () => w().permission(feeds.recordings.value?.permission ?? "")),
      h("p", { class: "hint", hidden: () => feeds.recordings.value === null }, () => w().free_space(size(feeds.recordings.value?.free_bytes ?? 0))),
      rows.element,
      h("p", { class: "hint", hidden: () => feeds.recordings.value === null || feeds.recordings.value.recordings.length > 0 }, () => w().no_recordings),
      h(
        "div",
        { class: "card", role: "region", "aria-labelledby": "fetch-title" },
        h("h3", { id: "fetch-title" }, () => w().fetch_title),
        h(
          "form",
          { novalidate: true, on: { submit: (event) => this.ask_(event) } },
          this.uri_.element,
          this.title_.element,
          problem_line(this.task_),
          h("button", { type: "submit", class: "outline", hidden: () => this.asked_ !== null, "aria-busy": () => (this.task_.busy ? "true" : null) }, () => (this.task_.busy ? w().asking : w().see_size)),
        ),
        this.confirm_,
      ),
    );
    // Another address is another size.
    this.uri_.input.addEventListener("input", () => this.forget_());
    feeds.recordings.on_change(({ recordings }) => rows.update(recordings));
  }

  private size_words_(): string {
    if (!this.asked_) return "";
    const { size_bytes, free_bytes, starts_at } = this.asked_.size;
    const much = size_bytes === null ? w().size_unknown(size(free_bytes)) : w().size_is(size(size_bytes), size(free_bytes));
    return starts_at && Date.parse(starts_at) > Date.now() ? `${much} ${w().fetch_later(day_and_clock(starts_at))}` : much;
  }

  private forget_(): void {
    this.asked_ = null;
    this.task_.fail(null);
  }

  private ask_(event: Event): void {
    event.preventDefault();
    const uri = this.uri_.input.value.trim();
    if (!uri) {
      this.uri_.input.focus();
      return this.task_.fail(() => w().need_address);
    }
    // Enter in a field whose size is known means yes.
    if (this.asked_?.uri === uri) return void this.task_.run(() => this.fetch_());
    void this.task_
      .run(async () => {
        this.asked_ = { uri, size: await api.size_of(uri) };
      })
      .then((done) => {
        if (done) setTimeout(() => this.confirm_.querySelector("p")?.focus(), 0);
      });
  }

  private async fetch_(): Promise<void> {
    const uri = this.asked_?.uri;
    if (!uri) return;
    const title = this.title_.input.value.trim();
    await api.fetch_recording(title ? { uri, title } : { uri });
    this.asked_ = null;
    this.uri_.input.value = "";
    this.title_.input.value = "";
    this.uri_.input.focus();
    say(() => w().fetch_begun);
    await feeds.recordings.load();
  }

  private card_(now: () => Recording): HTMLElement {
    const task = new Task();
    const whole = (): number => now().size_bytes ?? 0;
    const start = field(() => w().replay_at, { type: "time", class: "short" }, () => w().replay_at_hint);
    const title = field(() => w().title_label, { name: "replay-title" });
    title.input.value = now().title;
    const remove = async (): Promise<void> => {
      const { id, title: name } = now();
      if (!(await sure(() => w().remove_recording, () => w().remove_recording_sure(name), () => w().remove_it_yes))) return;
      await api.remove_recording(id);
      say(() => w().recording_removed(name));
      await feeds.recordings.load();
    };
    const replay = async (): Promise<void> => {
      const name = title.input.value.trim();
      if (!name) {
        title.input.focus();
        return task.fail(() => w().need_title);
      }
      const at = start.input.value ? time_today(start.input.value) : null;
      const body: NewChannel = { title: name, uri: `recording:${now().id}` };
      if (at) body.starts_at = at;
      await task.run(async () => {
        await api.add_channel(body);
        say(() => (at ? w().replay_planned(name, clock(at)) : w().replay_on(name)));
        await feeds.channels.load();
        this.to_channels_();
      });
    };
    const form = h(
      "details",
      { hidden: () => now().state !== "ready" },
      h("summary", {}, () => w().replay_it),
      h(
        "form",
        { novalidate: true, on: { submit: (event) => { event.preventDefault(); void replay(); } } },
        h("div", { class: "columns" }, title.element, start.element),
        h("button", { type: "submit", class: "primary", "aria-busy": () => (task.busy ? "true" : null) }, () => w().make_replay),
      ),
    );
    form.addEventListener("toggle", () => {
      if (form.open && title.input.value === "") focus_on(title.input);
    });
    const facts = (): string => {
      const { state, size_bytes, done_bytes, duration_s, keep_until } = now();
      const bytes = state === "ready" || done_bytes === 0 ? (size_bytes === null ? "" : size(size_bytes)) : w().of(size(done_bytes), size_bytes === null ? "?" : size(size_bytes));
      return [bytes, duration_s === null ? "" : position(duration_s), keep_until ? w().kept_until(day_and_clock(keep_until)) : ""].filter(Boolean).join(" · ");
    };
    return h(
      "li",
      { class: "card recording-row", "data-recording": now().id, "data-state": () => now().state },
      h(
        "div",
        { class: "channel-head" },
        h("h3", { dir: "auto" }, () => now().title),
        h("span", { class: () => (now().state === "ready" ? "badge live" : now().state === "failed" ? "badge late" : "badge") }, () => w().recording_states[now().state]),
      ),
      h("p", { class: "meta" }, facts),
      h("progress", { class: "wide", hidden: () => now().state !== "fetching" || whole() === 0, max: () => String(whole() || 1), value: () => String(now().done_bytes), "aria-label": () => w().progress_of(now().title) }),
      h("p", { class: "reason", hidden: () => now().reason === null, dir: "auto" }, () => now().reason?.error ?? ""),
      form,
      problem_line(task),
      h("div", { class: "row" }, action(() => w().delete_it, task, remove, { class: "danger-outline", "aria-label": () => w().delete_of(now().title) })),
    );
  }
}
