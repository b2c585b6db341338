/** One way to get a channel into a media element. An engine is used once: start, then stop; a new attempt is a
 *  new engine, so that nothing of a broken one is carried on. */
export interface Engine {
  /** Whether the delay is measured against the playlist, or only estimated. */
  readonly exact: boolean;
  start(): void;
  /** Takes the stream off the element; no callback comes afterwards. */
  stop(): void;
  /** Seconds behind what the hub has now; null while nobody can tell. */
  delay(): number | null;
  /** Called twice a second. @param steady_ms  for how long playback has been going on without a stop */
  tick(steady_ms: number): void;
}

export interface EngineListener {
  /** This attempt is over: the player makes another one. @param detail  for the fault report */
  on_failed(detail: string): void;
  /** The network of the room has no place for one more picture: trying again is of no use for now. */
  on_full(): void;
  /** The browser wants a tap first. */
  on_blocked(): void;
  /** Something to tell in a fault report, nothing to act on. */
  on_note(detail: string): void;
}

/** Calls play() and sorts what may go wrong: only a refusal to start without a tap is worth telling. */
export function begin(element: HTMLMediaElement, listener: EngineListener): void {
  const started: Promise<void> | undefined = element.play();
  if (!started) return;
  started.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "NotAllowedError") listener.on_blocked();
  });
}
