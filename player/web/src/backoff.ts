/** Growing pauses between attempts: 0.5 s, doubled up to 5 s. A quarter is random, so that the phones of a whole
 *  room do not all come back at the same moment. */
export class Backoff {
  private next_ms_ = kFirstMs;

  /** The pause before the next attempt, in ms. */
  take(): number {
    const base = this.next_ms_;
    this.next_ms_ = Math.min(kMostMs, base * 2);
    return base * (0.75 + Math.random() * 0.25);
  }

  reset(): void {
    this.next_ms_ = kFirstMs;
  }
}

const kFirstMs = 500;
const kMostMs = 5000;
