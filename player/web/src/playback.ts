import type { Channel, Diagnostics } from "./api";
import { Backoff } from "./backoff";
import type { Engine, EngineListener } from "./engines/engine";
import { NativeHlsEngine } from "./engines/native_hls";
import { ProgressiveEngine } from "./engines/progressive";

export type Mode = "video" | "audio";

/** ```
 *  idle ──play──► connecting ──moves──► playing ◄──► stalled
 *    ▲               │  ▲ └─ blocked (the browser wants a tap)  │
 *    └──stop (any)   ▼  └──────── pause of 0.5 to 5 s ──────────▼
 *                 reconnecting ◄──── error, end, 6 s without progress
 *  ``` */
export type PlaybackState = "idle" | "connecting" | "playing" | "stalled" | "reconnecting" | "blocked";

const kTickMs = 500;
/** Without progress for this long, playback counts as stalled. */
const kStalledMs = 1000;
/** …and for this long, as broken. A low-latency stream that will come back does so sooner. */
const kBrokenMs = 6000;
/** A start may take longer: the hub holds a starting channel's playlist for up to 5 s. */
const kStartMs = 12_000;
/** An attempt this young is left alone when there is news: it has seen them too. */
const kYoungMs = 2000;
/** Playback this long makes the next pause short again. */
const kSteadyMs = 10_000;
/** So many attempts at MP3 that never played: then HLS gets its turn. */
const kMp3Attempts = 3;
const kErrorsKept = 12;

/** Plays one channel at a time and does not give up on it until stop(). */
export class Playback {
  private channel_: Channel | null = null;
  private mode_: Mode = "audio";
  private state_: PlaybackState = "idle";
  private engine_: Engine | null = null;
  private attempt_ = 0;
  private mp3_failures_ = 0;
  private retry_ = 0;
  private readonly backoff_ = new Backoff();
  private last_time_ = 0;
  private progress_ms_ = 0;
  private started_ms_ = 0;
  private steady_since_ms_: number | null = null;
  private errors_: string[] = [];
  private full_ = false;

  /** @param changed  called after each change of state and twice a second while playing */
  constructor(
    readonly video: HTMLVideoElement,
    readonly audio: HTMLAudioElement,
    private readonly changed_: () => void,
  ) {
    for (const element of [video, audio]) {
      element.addEventListener("pause", () => this.paused_(element));
      element.addEventListener("playing", () => this.moved_(element));
    }
    setInterval(() => this.tick_(), kTickMs);
    addEventListener("online", () => this.retry_now());
    document.addEventListener("visibilitychange", () => {
      const element = this.element();
      if (!document.hidden && this.engine_ && element.paused && this.state_ !== "blocked") void element.play().catch(() => {});
    });
  }

  get channel(): Channel | null {
    return this.channel_;
  }
  get mode(): Mode {
    return this.mode_;
  }
  get state(): PlaybackState {
    return this.state_;
  }
  /** The delay comes from the playlist, not from an estimate. */
  get exact(): boolean {
    return this.engine_?.exact ?? false;
  }
  /** A picture was asked for, and the network of the room had no place for it. */
  get full(): boolean {
    return this.full_;
  }
  element(): HTMLMediaElement {
    return this.mode_ === "video" ? this.video : this.audio;
  }
  /** Seconds behind the hub, or null. */
  delay(): number | null {
    return this.state_ === "playing" || this.state_ === "stalled" ? (this.engine_?.delay() ?? null) : null;
  }

  /** Begins; must be called from a tap or a key, since browsers let nothing else make sound. */
  play(channel: Channel, mode: Mode): void {
    this.leave_();
    this.full_ = false;
    if (this.channel_?.id !== channel.id) this.errors_ = [];
    this.channel_ = channel;
    this.mode_ = mode;
    if (mode === "video" && channel.watch === false) this.give_way_();
    this.mp3_failures_ = 0;
    this.backoff_.reset();
    this.begin_("connecting");
  }

  stop(): void {
    this.leave_();
    this.set_("idle");
  }

  /** News of the channel: on air again means that waiting is over. */
  update(channel: Channel): void {
    if (this.channel_?.id !== channel.id) return;
    const back = channel.state === "live" && this.channel_.state !== "live";
    if (channel.watch !== false && this.channel_.watch === false) this.full_ = false;
    this.channel_ = channel;
    if (back) this.retry_now();
  }

  /** There is reason to hope: ends a pause between two attempts, and an attempt that hangs. */
  retry_now(): void {
    if (this.state_ !== "reconnecting") return;
    if (this.engine_ && performance.now() - this.started_ms_ < kYoungMs) return;
    this.leave_();
    this.backoff_.reset();
    this.begin_("reconnecting");
  }

  /** The hub was started anew: what was connected before then leads nowhere, or to the end of an old buffer.
   *  @param lost_ms  when the old hub was last heard of, in performance.now() */
  restart(lost_ms: number): void {
    if (this.state_ === "idle" || this.state_ === "blocked") return;
    // This attempt reached the new hub already.
    if (this.engine_ && this.started_ms_ > lost_ms) return;
    this.leave_();
    this.backoff_.reset();
    this.begin_("reconnecting");
  }

  diagnostics(): Diagnostics {
    const delay = this.delay();
    return {
      mode: this.channel_ ? this.mode_ : null,
      state: this.state_,
      position_s: Math.round(this.element().currentTime * 10) / 10,
      delay_s: delay === null ? null : Math.round(delay * 10) / 10,
      errors: [...this.errors_],
    };
  }

  /** No place for a picture: the sound instead, where there is one; else the attempts go on. */
  private give_way_(): void {
    this.full_ = true;
    if (this.channel_?.audio || this.channel_?.listen) this.mode_ = "audio";
  }

  private set_(state: PlaybackState): void {
    if (this.state_ === state) return;
    this.state_ = state;
    this.changed_();
  }

  private leave_(): void {
    clearTimeout(this.retry_);
    this.attempt_ += 1;
    const engine = this.engine_;
    this.engine_ = null;
    this.steady_since_ms_ = null;
    engine?.stop();
  }

  private begin_(state: "connecting" | "reconnecting"): void {
    clearTimeout(this.retry_);
    const attempt = ++this.attempt_;
    this.started_ms_ = performance.now();
    this.progress_ms_ = this.started_ms_;
    this.set_(state);
    const listener: EngineListener = {
      on_failed: (detail) => {
        if (attempt === this.attempt_) this.failed_(detail);
      },
      on_full: () => {
        if (attempt !== this.attempt_) return;
        this.leave_();
        this.give_way_();
        // Without sound there is nothing better to play: the pauses between the attempts grow.
        if (this.mode_ === "video") return this.failed_("lan_full");
        this.note_("lan_full");
        this.begin_("connecting");
      },
      on_blocked: () => {
        if (attempt !== this.attempt_) return;
        this.leave_();
        this.set_("blocked");
      },
      on_note: (detail) => this.note_(detail),
    };
    this.make_(listener).then(
      (engine) => {
        if (attempt !== this.attempt_) return;
        this.engine_ = engine;
        this.last_time_ = 0;
        engine.start();
      },
      (error: unknown) => listener.on_failed(`load ${String(error)}`),
    );
    this.changed_();
  }

  private async make_(listener: EngineListener): Promise<Engine> {
    const channel = this.channel_ as Channel;
    const element = this.element();
    if (this.mode_ === "audio" && channel.audio && this.mp3_failures_ < kMp3Attempts && element.canPlayType("audio/mpeg")) {
      return new ProgressiveEngine(element, channel.audio.mp3, listener);
    }
    const url = this.mode_ === "audio" && channel.listen ? channel.listen : channel.hls;
    // Known before hls.js is fetched, so that phones that cannot use it do not pay for it.
    if (!("MediaSource" in window) && !("ManagedMediaSource" in window)) return new NativeHlsEngine(element, url, listener);
    const { HlsEngine } = await import("./engines/hls");
    if (!HlsEngine.supported()) return new NativeHlsEngine(element, url, listener);
    return new HlsEngine(element, url, listener);
  }

  private failed_(detail: string): void {
    if (this.engine_ instanceof ProgressiveEngine && this.state_ !== "playing" && this.state_ !== "stalled" && this.channel_?.state === "live") {
      this.mp3_failures_ += 1;
    }
    this.note_(detail);
    this.leave_();
    this.set_("reconnecting");
    this.retry_ = window.setTimeout(() => this.begin_("reconnecting"), this.backoff_.take());
  }

  private note_(detail: string): void {
    this.errors_.push(`${new Date().toISOString().slice(11, 19)} ${detail}`.slice(0, 200));
    this.errors_ = this.errors_.slice(-kErrorsKept);
  }

  private tick_(): void {
    const engine = this.engine_;
    if (!engine || this.state_ === "idle" || this.state_ === "blocked") return;
    const now = performance.now();
    const element = this.element();
    if (element.currentTime !== this.last_time_) this.moved_(element);
    const quiet = now - this.progress_ms_;
    if (this.state_ === "playing" && quiet > kStalledMs) {
      this.steady_since_ms_ = null;
      this.set_("stalled");
    }
    const limit = this.state_ === "stalled" || this.state_ === "playing" ? kBrokenMs : kStartMs;
    if (quiet > limit) {
      this.failed_(`no progress for ${Math.round(quiet / 1000)} s`);
      return;
    }
    const steady = this.steady_since_ms_ === null ? 0 : now - this.steady_since_ms_;
    if (steady > kSteadyMs) {
      this.backoff_.reset();
      this.mp3_failures_ = 0;
    }
    engine.tick(steady);
    this.changed_();
  }

  private moved_(element: HTMLMediaElement): void {
    if (!this.engine_ || element !== this.element() || element.paused) return;
    const now = performance.now();
    this.last_time_ = element.currentTime;
    this.progress_ms_ = now;
    if (element.readyState < 2) return;
    this.steady_since_ms_ ??= now;
    this.set_("playing");
  }

  /** A pause that this program did not ask for: headphones pulled out, a call, the lock screen's button. */
  private paused_(element: HTMLMediaElement): void {
    if (!this.engine_ || element !== this.element() || element.ended || element.error) return;
    // Browsers pause a hidden video by themselves; it goes on when it is seen again.
    if (document.hidden && this.mode_ === "video") return;
    if (this.state_ === "playing" || this.state_ === "stalled") this.stop();
  }
}
