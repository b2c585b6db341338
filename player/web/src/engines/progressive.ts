import { begin, Engine, EngineListener } from "./engine";

/** What the hub gives a new listener at once (hub/packager/publication.h, burst_chunks), in seconds. */
const kBurstSeconds = 2;
/** More than this behind is not caught up by waiting: a new connection begins at the burst again. */
const kTooLateSeconds = 12;

/** Endless MP3 in the native element: no script takes part, so that it plays on behind a locked screen. */
export class ProgressiveEngine implements Engine {
  readonly exact = false;
  private opened_ms_: number | null = null;

  constructor(
    private readonly element_: HTMLMediaElement,
    private readonly url_: string,
    private readonly listener_: EngineListener,
  ) {}

  start(): void {
    const element = this.element_;
    element.addEventListener("loadedmetadata", this.on_open_);
    element.addEventListener("error", this.on_error_);
    element.addEventListener("ended", this.on_ended_);
    element.src = this.url_;
    begin(element, this.listener_);
  }

  stop(): void {
    const element = this.element_;
    element.removeEventListener("loadedmetadata", this.on_open_);
    element.removeEventListener("error", this.on_error_);
    element.removeEventListener("ended", this.on_ended_);
    element.pause();
    // Without load() the browser keeps the connection and goes on downloading.
    element.removeAttribute("src");
    element.load();
  }

  delay(): number | null {
    if (this.opened_ms_ === null) return null;
    const since = (performance.now() - this.opened_ms_) / 1000;
    return Math.max(0, kBurstSeconds + since - this.element_.currentTime);
  }

  tick(steady_ms: number): void {
    const delay = this.delay();
    if (steady_ms > 0 && delay !== null && delay > kTooLateSeconds) this.listener_.on_failed("late");
  }

  private readonly on_open_ = (): void => {
    this.opened_ms_ = performance.now();
  };
  private readonly on_error_ = (): void => {
    const error = this.element_.error;
    this.listener_.on_failed(`mp3 error ${error?.code ?? 0} ${error?.message ?? ""}`.trim());
  };
  private readonly on_ended_ = (): void => this.listener_.on_failed("mp3 ended");
}
