import type { Channel, ChannelState } from "./api";
import { state } from "./app";
import { h, icon } from "./dom";
import { language_name, local_time, t } from "./i18n";
import { icons } from "./icons";
import type { Mode } from "./playback";
import { hub_now_ms } from "./sessions";

const kIcons: Record<ChannelState, string> = {
  idle: icons.pause,
  connecting: icons.wait,
  live: icons.live,
  slate: icons.wait,
  waiting: icons.wait,
};

/** The host has paused a replay, for a discussion in the room: no fault. */
export function is_paused(channel: Channel): boolean {
  return channel.state === "slate" && channel.reason?.code === "paused";
}

/** Why a room is not on air, in the language shown; empty if nothing is known, or nothing is wrong. */
export function reason_words(channel: Channel): string {
  const reason = is_paused(channel) ? null : channel.reason;
  return reason ? (t().reasons[reason.code] ?? reason.error) : "";
}

/** The words of a state; a state that this page does not know yet is shown as the hub calls it. */
export function state_words(channel: Channel): string {
  if (is_paused(channel)) return t().state_paused;
  if (channel.state === "live" && channel.replay) return t().state_replay;
  const words: Record<ChannelState, string> = {
    idle: t().state_idle,
    connecting: t().state_connecting,
    live: t().state_live,
    slate: t().state_slate,
    waiting: t().state_waiting,
  };
  return words[channel.state] ?? channel.state;
}

const kMinuteS = 60;

/** How far a replay is: "12 min of 60", or when it begins. The position is that of the last news of the hub. */
export function replay_words(channel: Channel): string {
  const replay = channel.replay;
  if (!replay) return "";
  if (replay.starts_at && Date.parse(replay.starts_at) > hub_now_ms()) {
    return t().replay_begins(local_time(replay.starts_at, state.hub?.time_zone ?? "UTC", "time"));
  }
  const minutes = (seconds: number): number => Math.floor(Math.max(0, seconds) / kMinuteS);
  return t().replay_at(minutes(replay.position_s), Math.ceil(replay.duration_s / kMinuteS));
}

type Choose = (channel: Channel, mode: Mode) => void;

class Card {
  readonly element: HTMLElement;

  constructor(
    public channel: Channel,
    choose: Choose,
  ) {
    const now = (): Channel => this.channel;
    const live = (): boolean => now().state === "live";
    const states = (Object.keys(kIcons) as ChannelState[]).map((name) =>
      h("span", { class: "state-icon", hidden: () => now().state !== name || is_paused(now()) }, icon(kIcons[name])),
    );
    const full = (): boolean => now().watch === false && now().kind !== "audio";
    this.element = h(
      "li",
      { class: "card channel", "data-channel": this.channel.id, "data-state": () => now().state },
      h(
        "div",
        { class: "channel-head" },
        h("h3", { dir: "auto" }, () => now().title),
        h("span", { class: () => (live() || is_paused(now()) ? "badge live" : "badge") }, ...states, h("span", { class: "state-icon", hidden: () => !is_paused(now()) }, icon(icons.pause)), () => state_words(now())),
      ),
      h(
        "p",
        { class: "meta" },
        h("span", { class: "replay", hidden: () => !now().replay }, icon(icons.wait), () => (is_paused(now()) ? `${t().state_replay}, ` : "") + replay_words(now())),
        h("span", { hidden: () => !now().language }, () => t().spoken(language_name(now().language))),
        h("span", {}, icon(icons.people), () => t().viewers(now().viewers)),
      ),
      h("p", { class: "meta", hidden: () => !now().on_air, dir: "auto" }, () => t().on_air_now(now().on_air)),
      h("p", { class: "reason", hidden: () => live() || reason_words(now()) === "", dir: "auto" }, () => reason_words(now())),
      h("p", { class: "hint full", hidden: () => !full() }, () => (full() ? t().network_full : "")),
      h(
        "div",
        { class: "pair" },
        h(
          "button",
          {
            type: "button",
            class: "outline",
            "aria-label": () => t().listen_to(now().title),
            // A channel whose kind is not known yet may turn out to have sound.
            hidden: () => now().audio === null && now().listen === null && now().kind !== null,
            on: { click: () => choose(now(), "audio") },
          },
          icon(icons.listen),
          () => t().listen,
        ),
        h(
          "button",
          {
            type: "button",
            class: "outline",
            "aria-label": () => t().watch_it(now().title),
            hidden: () => now().kind === "audio",
            on: { click: () => choose(now(), "video") },
          },
          icon(icons.watch),
          () => t().watch,
        ),
      ),
    );
  }
}

/** The rooms with their state; listening comes first, watching second, nothing plays by itself. */
export class ChannelsView {
  readonly element: HTMLElement;
  private readonly list_: HTMLUListElement;
  private cards_ = new Map<string, Card>();

  constructor(private readonly choose_: Choose) {
    this.list_ = h("ul", { class: "channels" });
    this.element = h(
      "section",
      { class: "rooms", "aria-labelledby": "rooms-title" },
      h("h2", { id: "rooms-title", tabindex: "-1" }, () => t().rooms),
      h("p", { class: "card hint", hidden: () => state.channels.length > 0 }, () => t().no_rooms),
      this.list_,
    );
  }

  /** Takes over state.channels. Cards that stay are kept, and with them the focus. */
  update(): void {
    const cards = new Map<string, Card>();
    for (const channel of state.channels) {
      const card = this.cards_.get(channel.id) ?? new Card(channel, this.choose_);
      card.channel = channel;
      cards.set(channel.id, card);
    }
    for (const [id, card] of this.cards_) if (!cards.has(id)) card.element.remove();
    let place: Element | null = this.list_.firstElementChild;
    for (const card of cards.values()) {
      if (place === card.element) place = card.element.nextElementSibling;
      else this.list_.insertBefore(card.element, place);
    }
    this.cards_ = cards;
  }
}
