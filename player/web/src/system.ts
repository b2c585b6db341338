/** What the phone around the page may offer: its lock screen, and staying awake. Both are missing on many phones,
 *  and staying awake needs HTTPS; the page works without. */

interface Handlers {
  play: () => void;
  stop: () => void;
}

let shown = "";

/** Title and buttons on the lock screen. */
export function show_on_lock_screen(title: string, artist: string, playing: boolean, handlers: Handlers): void {
  if (!("mediaSession" in navigator)) return;
  const session = navigator.mediaSession;
  session.playbackState = playing ? "playing" : "paused";
  const now = `${title}\n${artist}`;
  if (now === shown) return;
  shown = now;
  session.metadata = new MediaMetadata({ title, artist });
  for (const action of ["play", "pause", "stop"] as const) {
    try {
      session.setActionHandler(action, action === "play" ? handlers.play : handlers.stop);
    } catch {
      // An action that this browser does not know.
    }
  }
}

let wanted = false;
let asked = false;
let lock: WakeLockSentinel | null = null;

/** Keeps the screen on while a video plays. */
export function keep_awake(on: boolean): void {
  wanted = on;
  if (!on) {
    void lock?.release();
    lock = null;
    return;
  }
  if (lock || asked || document.hidden || !("wakeLock" in navigator)) return;
  asked = true;
  navigator.wakeLock.request("screen").then(
    (sentinel) => {
      asked = false;
      // The browser takes it back when the page is hidden.
      sentinel.addEventListener("release", () => {
        if (lock === sentinel) lock = null;
      });
      if (wanted) lock = sentinel;
      else void sentinel.release();
    },
    () => {
      // Refused (low battery): asking at each change would not help.
    },
  );
}
