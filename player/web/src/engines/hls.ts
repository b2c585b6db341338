import Hls, { ErrorData, ErrorTypes, Events, HlsConfig } from "hls.js";
import { begin, Engine, EngineListener } from "./engine";

/** Behind the target by more than this: jump instead of catching up at 1.1 ×, which would take a minute. */
const kJumpSeconds = 6;
/** Playback this long without a stop pays back one stall (hls.js adds a second of delay for each). */
const kForgiveMs = 15_000;
const kForgiveMostMs = 120_000;

const kConfig: Partial<HlsConfig> = {
  lowLatencyMode: true,
  // The distance to the edge is the playlist's PART-HOLD-BACK; pitch is kept at 1.1 ×.
  maxLiveSyncPlaybackRate: 1.1,
  liveDurationInfinity: true,
  // Nobody can seek back here; old phones have little memory.
  backBufferLength: 8,
  maxBufferLength: 20,
  maxMaxBufferLength: 30,
  // One level: nothing to measure and nothing to choose.
  testBandwidth: false,
  enableWorker: false,
  // A first attempt that fails is over at once: the player's own back-off knows more (it hears of restarts).
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 10_000, timeoutRetry: null, errorRetry: null },
  },
};

/** HLS and low-latency HLS through MediaSource. */
export class HlsEngine implements Engine {
  readonly exact = true;
  private hls_: Hls | null = null;
  private recovered_ms_ = -Infinity;
  private stalls_ = 0;

  constructor(
    private readonly element_: HTMLMediaElement,
    private readonly url_: string,
    private readonly listener_: EngineListener,
  ) {}

  static supported(): boolean {
    return Hls.isSupported();
  }

  start(): void {
    const hls = new Hls(kConfig);
    this.hls_ = hls;
    hls.on(Events.ERROR, (_, data) => this.on_error_(data));
    hls.on(Events.MANIFEST_PARSED, () => begin(this.element_, this.listener_));
    hls.attachMedia(this.element_);
    hls.loadSource(this.url_);
  }

  stop(): void {
    const hls = this.hls_;
    this.hls_ = null;
    if (!hls) return;
    hls.destroy();
    this.element_.pause();
    this.element_.removeAttribute("src");
    this.element_.load();
  }

  delay(): number | null {
    const hls = this.hls_;
    if (!hls || !hls.latestLevelDetails || this.element_.readyState < 2) return null;
    return hls.latency > 0 ? hls.latency : null;
  }

  tick(steady_ms: number): void {
    const hls = this.hls_;
    const details = hls?.latestLevelDetails;
    if (!hls || !details || this.element_.readyState < 2) return;
    const target = hls.targetLatency;
    const position = hls.liveSyncPosition;
    if (target === null || position === null) return;
    if (hls.latency > target + kJumpSeconds && position > this.element_.currentTime) {
      this.listener_.on_note(`jump ${(position - this.element_.currentTime).toFixed(1)} s`);
      this.element_.currentTime = position;
    }
    // After a recovery: back to the distance that the playlist asks for. Each stall makes this later, so that a
    // bad radio link does not go round in circles.
    const first = details.partHoldBack || details.holdBack;
    const patience = Math.min(kForgiveMostMs, kForgiveMs * 2 ** Math.max(0, this.stalls_ - 1));
    if (first > 0 && target > first + 0.05 && steady_ms > patience) hls.targetLatency = first;
  }

  private on_error_(data: ErrorData): void {
    const hls = this.hls_;
    if (!hls) return;
    const detail = `${data.details}${data.response?.code ? ` ${data.response.code}` : ""}`;
    if (data.details === "bufferStalledError") this.stalls_ += 1;
    if (!data.fatal) {
      this.listener_.on_note(detail);
      return;
    }
    if (data.response?.code === 503 && said(data.networkDetails) === "lan_full") return this.listener_.on_full();
    const now = performance.now();
    if (data.type === ErrorTypes.MEDIA_ERROR && now - this.recovered_ms_ > 10_000) {
      this.recovered_ms_ = now;
      this.listener_.on_note(detail);
      hls.recoverMediaError();
      begin(this.element_, this.listener_);
      return;
    }
    this.listener_.on_failed(detail);
  }
}

/** The code in the body of an answer of the hub, if it is one. @param request  hls.js's XMLHttpRequest, or what it has */
function said(request: unknown): string {
  try {
    const { code } = JSON.parse((request as XMLHttpRequest).responseText) as { code?: unknown };
    return typeof code === "string" ? code : "";
  } catch {
    // No text: a part of the media was asked for, or another way to load was used.
    return "";
  }
}
