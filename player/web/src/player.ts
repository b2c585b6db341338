import { Channel, Diagnostics } from "./api";
import { state } from "./app";
import { is_paused, reason_words, replay_words } from "./channels";
import { focus_on, h, icon, refresh } from "./dom";
import { decimal, t } from "./i18n";
import { icons } from "./icons";
import { Mode, Playback } from "./playback";
import { keep_awake, show_on_lock_screen } from "./system";

/** The player with its own controls; element `data-state` and `data-delay` (seconds) say what it does. */
export class PlayerView {
  readonly element: HTMLElement;
  readonly playback: Playback;
  private readonly title_: HTMLElement;
  private readonly stage_: HTMLElement;
  private readonly volume_: HTMLInputElement;
  private muted_ = false;
  private loudness_ = 1;

  /** @param changed  called when channel, mode or state changes
   *  @param report  opens "it does not work" */
  constructor(
    private readonly changed_: () => void,
    report: () => void,
  ) {
    const video = h("video", { playsinline: true, preload: "none" });
    const audio = h("audio", { preload: "none" });
    this.playback = new Playback(video, audio, () => this.update_());
    const playback = this.playback;
    const listening = (): boolean => playback.mode === "audio";
    const stopped = (): boolean => playback.state === "idle" || playback.state === "blocked";
    this.title_ = h("h2", { id: "player-title", tabindex: "-1", dir: "auto" }, () => playback.channel?.title ?? "");
    this.stage_ = h(
      "div",
      { class: () => (listening() ? "stage sound" : "stage") },
      video,
      audio,
      h("p", { class: "only-sound", hidden: () => !listening() }, icon(icons.listen), () => t().only_sound),
      h("p", { class: "veil", "aria-hidden": "true", hidden: () => listening() || playback.state === "playing" }, () => this.words_()),
      h(
        "button",
        { type: "button", class: "square on-stage", hidden: () => listening() || !this.can_fill_(), "aria-label": () => t().fullscreen, on: { click: () => this.fill_() } },
        icon(icons.fullscreen),
      ),
    );
    this.volume_ = h("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "5",
      value: "100",
      "aria-label": () => t().volume,
      on: { input: () => this.set_volume_(Number(this.volume_.value) / 100) },
    });
    this.element = h(
      "section",
      {
        class: "card player",
        hidden: () => playback.channel === null,
        "aria-labelledby": "player-title",
        "data-state": () => playback.state,
        "data-mode": () => playback.mode,
        "data-channel": () => playback.channel?.id ?? null,
        "data-delay": () => playback.delay()?.toFixed(2) ?? null,
      },
      this.title_,
      this.stage_,
      h(
        "p",
        { class: "player-state" },
        h("span", { class: () => `dot ${playback.state}`, "aria-hidden": "true" }),
        h("span", { role: "status" }, () => this.words_()),
        // Not part of the status: it changes all the time, and nobody wants it read aloud.
        h("span", { class: "delay" }, () => this.delay_words_()),
      ),
      h("p", { class: "meta replay", hidden: () => !playback.channel?.replay }, () => (playback.channel ? replay_words(playback.channel) : "")),
      h("p", { class: "reason", role: "status" }, () => this.reason_()),
      h(
        "div",
        { class: "controls" },
        h(
          "button",
          { type: "button", class: () => (stopped() ? "primary" : "outline"), on: { click: () => this.toggle_() } },
          h("span", { class: "swap", hidden: () => !stopped() }, icon(icons.play), () => t().play),
          h("span", { class: "swap", hidden: stopped }, icon(icons.stop), () => t().stop),
        ),
        h(
          "div",
          { class: "pair modes", role: "group", "aria-label": () => t().player_mode, hidden: () => playback.channel?.kind === "audio" },
          h("button", { type: "button", class: "toggle", "aria-pressed": () => String(listening()), on: { click: () => this.switch_("audio") } }, icon(icons.listen), () => t().listen),
          h("button", { type: "button", class: "toggle", "aria-pressed": () => String(!listening()), on: { click: () => this.switch_("video") } }, icon(icons.watch), () => t().watch),
        ),
        h(
          "div",
          { class: "volume" },
          h(
            "button",
            { type: "button", class: "quiet square", "aria-pressed": () => String(this.muted_), "aria-label": () => t().mute, on: { click: () => this.set_muted_(!this.muted_) } },
            h("span", { class: "swap", hidden: () => this.muted_ }, icon(icons.sound)),
            h("span", { class: "swap", hidden: () => !this.muted_ }, icon(icons.muted)),
          ),
          this.volume_,
        ),
      ),
      h("button", { type: "button", class: "quiet wide", on: { click: report } }, () => t().broken),
    );
    // iPhones leave the volume to their keys and ignore what a page sets: a slider would do nothing.
    audio.volume = 0.5;
    this.volume_.hidden = audio.volume !== 0.5;
    audio.volume = 1;
  }

  /** From a tap on a room. @param muted  without sound at first */
  open(channel: Channel, mode: Mode, muted = false): void {
    if (muted) this.set_muted_(true);
    this.playback.play(channel, mode);
    this.element.hidden = false;
    focus_on(this.title_);
    this.update_();
  }

  /** The rooms changed. */
  update_channels(): void {
    for (const channel of state.channels) this.playback.update(channel);
  }

  diagnostics(): Diagnostics {
    return this.playback.diagnostics();
  }

  private update_(): void {
    refresh();
    keep_awake(this.playback.mode === "video" && this.playback.state !== "idle");
    const channel = this.playback.channel;
    if (channel) {
      const on = this.playback.state !== "idle" && this.playback.state !== "blocked";
      show_on_lock_screen(channel.title, state.hub?.name ?? "", on, {
        play: () => this.toggle_(true),
        stop: () => this.playback.stop(),
      });
    }
    this.changed_();
  }

  private words_(): string {
    const words = {
      idle: t().player_idle,
      connecting: t().player_connecting,
      playing: t().player_playing,
      stalled: t().player_stalled,
      reconnecting: t().player_reconnecting,
      blocked: t().player_blocked,
    };
    const channel = this.playback.channel;
    if (this.playback.state === "playing" && channel && is_paused(channel)) return t().state_paused;
    return words[this.playback.state];
  }

  private delay_words_(): string {
    const delay = this.playback.delay();
    if (delay === null) return "";
    return this.playback.exact ? t().delay(decimal(delay)) : t().delay_about(decimal(delay));
  }

  /** Why nothing comes, while the player tries and the room is not on air. */
  private reason_(): string {
    const channel = this.playback.channel;
    if (this.playback.full && this.playback.state !== "idle") return t().network_full_now;
    if (!channel || channel.state === "live" || !["connecting", "stalled", "reconnecting"].includes(this.playback.state)) return "";
    if (channel.state === "connecting") return "";
    return reason_words(channel) || t().not_live;
  }

  private toggle_(play = this.playback.state === "idle" || this.playback.state === "blocked"): void {
    const channel = this.playback.channel;
    if (!channel) return;
    if (play) this.playback.play(channel, this.playback.mode);
    else this.playback.stop();
  }

  private switch_(mode: Mode): void {
    const channel = this.playback.channel;
    if (channel && (mode !== this.playback.mode || this.playback.state === "idle")) this.playback.play(channel, mode);
  }

  private set_volume_(loudness: number): void {
    this.loudness_ = loudness;
    this.set_muted_(loudness === 0);
  }

  private set_muted_(muted: boolean): void {
    this.muted_ = muted;
    for (const element of [this.playback.video, this.playback.audio]) {
      element.muted = muted;
      element.volume = this.loudness_;
    }
    refresh();
  }

  private can_fill_(): boolean {
    return "requestFullscreen" in this.stage_ || "webkitEnterFullscreen" in this.playback.video;
  }

  private fill_(): void {
    const video = this.playback.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void };
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (this.stage_.requestFullscreen) void this.stage_.requestFullscreen().catch(() => {});
    // iPhones fill the screen with the video element only.
    else video.webkitEnterFullscreen?.();
  }
}
