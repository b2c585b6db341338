import { reason_words, state_words } from "../channels";
import { h, icon } from "../dom";
import { t } from "../i18n";
import { icons } from "../icons";
import { AddChannel } from "./add_channel";
import { api, feeds } from "./host";
import type { HostChannel, Ietf } from "./host_api";
import { ReplayControls } from "./replay";
import { number, size } from "./time";
import { action, problem_line, Rows, say, sure, Task } from "./ui";
import { w } from "./words";

function words_of_state(channel: HostChannel): string {
  return channel.replay?.paused ? w().paused : state_words(channel);
}

/** The rooms: what they do and why, start and stop, and a further address. */
export class Channels {
  readonly element: HTMLElement;

  /** @param propose  opens the form for a session of the IETF, filled in */
  constructor(propose: (channel: HostChannel, ietf: Ietf) => void) {
    const rows = new Rows<HostChannel>(h("ul", { class: "cards" }), (channel) => channel.id, (now) => card(now));
    const adding = new AddChannel(propose);
    this.element = h(
      "section",
      { "aria-labelledby": "channels-title" },
      h("h2", { id: "channels-title", tabindex: "-1" }, () => t().rooms),
      h("p", { class: "hint", hidden: () => feeds.channels.value === null || feeds.channels.value.length > 0 }, () => w().no_channels),
      rows.element,
      adding.element,
    );
    feeds.channels.on_change((channels) => rows.update(channels));
  }
}

function card(now: () => HostChannel): HTMLElement {
  const task = new Task();
  const running = (): boolean => now().state !== "idle";
  const order = (what: string, done: () => string): Promise<void> =>
    api.order_channel(now().id, what).then(() => {
      say(done);
      return feeds.channels.load();
    });
  const remove = async (): Promise<void> => {
    const { id, title } = now();
    if (!(await sure(() => w().remove_channel, () => w().remove_channel_sure(title), () => w().remove))) return;
    await api.remove_channel(id);
    say(() => w().channel_removed(title));
    await feeds.channels.load();
  };
  const fact = (words: () => string, value: () => string): HTMLElement =>
    h("div", { hidden: () => value() === "" }, h("dt", {}, words), h("dd", { dir: "auto" }, value));
  const replay = new ReplayControls(now);
  return h(
    "li",
    { class: "card channel-row", "data-channel": now().id, "data-state": () => now().state },
    h(
      "div",
      { class: "channel-head" },
      h("h3", { dir: "auto" }, () => now().title),
      h("span", { class: () => (now().state === "live" ? "badge live" : "badge"), role: "status" }, () => words_of_state(now())),
    ),
    h("p", { class: "reason", hidden: () => now().state === "live" || !now().reason || now().replay?.paused === true, dir: "auto" }, () => reason_words(now())),
    h(
      "dl",
      { class: "facts" },
      fact(() => w().fact_viewers, () => number(now().viewers)),
      fact(() => w().fact_received, () => (now().replay ? "" : size(now().bytes_in))),
      fact(() => w().fact_restarts, () => (now().restarts > 0 ? number(now().restarts) : "")),
      fact(() => w().fact_source, () => now().source),
    ),
    replay.element,
    problem_line(task),
    h(
      "div",
      { class: "row" },
      // One button that changes its words: one of two that is hidden would lose the focus.
      action(
        () => (running() ? t().stop : w().start),
        task,
        () => (running() ? order("stop", () => w().channel_stopped(now().title)) : order("start", () => w().channel_started(now().title))),
        { "aria-label": () => (running() ? w().stop_it : w().start_it)(now().title) },
        h("span", { class: "swap", hidden: running }, icon(icons.play)),
        h("span", { class: "swap", hidden: () => !running() }, icon(icons.stop)),
      ),
      action(() => w().remove, task, remove, { class: "danger-outline", hidden: () => !now().added, "aria-label": () => w().remove_it(now().title) }),
    ),
  );
}
