import { refresh } from "../dom";
import { k } from "./words";

/** Somebody who went away leaves nothing behind: after so long without a touch the tablet starts afresh… */
const kIdleMs = 45_000;
/** …and says so this long before, so that a slow writer touches it once. */
const kWarnMs = 10_000;
const kTickMs = 1_000;

export class Idle {
  private touched_ms_: number | null = null;

  constructor(private readonly forget_: () => void) {}

  start(): void {
    for (const event of ["pointerdown", "touchstart", "keydown", "input", "scroll"]) {
      addEventListener(event, () => this.touch_(), { capture: true, passive: true });
    }
    setInterval(() => this.tick_(), kTickMs);
  }

  /** Nothing to forget until the next touch. */
  rest(): void {
    this.touched_ms_ = null;
  }

  /** The warning; empty while there is time. Said in one sentence, not counted down aloud. */
  words(): string {
    return this.touched_ms_ !== null && performance.now() - this.touched_ms_ >= kIdleMs - kWarnMs ? k().forgetting(kWarnMs / 1000) : "";
  }

  private touch_(): void {
    this.touched_ms_ = performance.now();
    refresh();
  }

  private tick_(): void {
    if (this.touched_ms_ === null) return;
    if (performance.now() - this.touched_ms_ >= kIdleMs) {
      this.touched_ms_ = null;
      this.forget_();
    }
    refresh();
  }
}
