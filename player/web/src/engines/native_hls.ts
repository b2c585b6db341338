import { begin, Engine, EngineListener } from "./engine";

/** HLS by the browser itself, where there is no MediaSource (iPhones before iOS 17.1). */
export class NativeHlsEngine implements Engine {
  readonly exact = false;

  constructor(
    private readonly element_: HTMLMediaElement,
    private readonly url_: string,
    private readonly listener_: EngineListener,
  ) {}

  start(): void {
    this.element_.addEventListener("error", this.on_error_);
    this.element_.addEventListener("ended", this.on_ended_);
    this.element_.src = this.url_;
    begin(this.element_, this.listener_);
  }

  stop(): void {
    this.element_.removeEventListener("error", this.on_error_);
    this.element_.removeEventListener("ended", this.on_ended_);
    this.element_.pause();
    this.element_.removeAttribute("src");
    this.element_.load();
  }

  delay(): number | null {
    const seekable = this.element_.seekable;
    if (seekable.length === 0) return null;
    return Math.max(0, seekable.end(seekable.length - 1) - this.element_.currentTime);
  }

  tick(): void {}

  private readonly on_error_ = (): void => {
    const error = this.element_.error;
    this.listener_.on_failed(`native error ${error?.code ?? 0} ${error?.message ?? ""}`.trim());
  };
  private readonly on_ended_ = (): void => this.listener_.on_failed("native ended");
}
