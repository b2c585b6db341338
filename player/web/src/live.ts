import { Api, Channel, Session } from "./api";
import { Backoff } from "./backoff";

/** What this page shows now; the hub counts viewers and measures presence with it. */
export interface Here {
  channel: string | null;
  mode: "video" | "audio" | null;
}

export interface LiveListener {
  on_channels(channels: Channel[]): void;
  /** The hub was started anew. @param lost_ms  when the old one was lost, in performance.now() */
  on_restart(lost_ms: number): void;
  /** Whether news arrive, over the WebSocket or by asking. */
  on_reachable(reachable: boolean): void;
  /** A session opened, closed or changed. */
  on_sessions?(sessions: Session[], session: Session): void;
  /** For host and organizer: what to ask again, such as "desk". */
  on_changed?(what: string[]): void;
}

const kHereMs = 15_000;
const kPollMs = 5_000;

/** The one WebSocket of the page. Where none can be had (an old proxy in between), it asks every 5 s instead. */
export class Live {
  private socket_: WebSocket | null = null;
  private open_ = false;
  private readonly backoff_ = new Backoff();
  private retry_ = 0;
  private boot_: string | null = null;
  private lost_ms_ = 0;
  private here_: Here = { channel: null, mode: null };

  constructor(
    private readonly api_: Api,
    private readonly listener_: LiveListener,
  ) {}

  start(): void {
    this.connect_();
    setInterval(() => this.beat_(), kHereMs);
    setInterval(() => void this.poll_(), kPollMs);
    document.addEventListener("visibilitychange", () => {
      this.send_();
      if (!document.hidden) this.now();
    });
    addEventListener("online", () => this.now());
  }

  /** Whether the hub pushes its news; else they must be asked for. */
  get pushed(): boolean {
    return this.open_;
  }

  /** Tries again at once instead of waiting for the pause to end. */
  now(): void {
    if (this.socket_) return;
    this.backoff_.reset();
    this.connect_();
  }

  /** Connects anew: the hub knows who a socket is by the cookie that it came with, and that has just changed. */
  renew(): void {
    const old = this.socket_;
    this.socket_ = null;
    this.open_ = false;
    old?.close();
    this.now();
  }

  here(here: Here): void {
    if (here.channel === this.here_.channel && here.mode === this.here_.mode) return;
    this.here_ = here;
    this.send_();
  }

  private connect_(): void {
    clearTimeout(this.retry_);
    if (this.socket_ || typeof WebSocket === "undefined") return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${scheme}//${location.host}/api/v1/live`);
    } catch {
      // Old Safari takes 'self' of the content policy as http only and throws: asking every 5 s does the work.
      return;
    }
    this.socket_ = socket;
    socket.onopen = () => {
      this.open_ = true;
      this.backoff_.reset();
      this.listener_.on_reachable(true);
      this.send_();
    };
    socket.onmessage = (event) => {
      if (typeof event.data === "string") this.message_(event.data);
    };
    socket.onclose = () => this.lost_(socket);
  }

  private lost_(socket: WebSocket): void {
    if (this.socket_ !== socket) return;
    this.socket_ = null;
    if (this.open_) {
      this.open_ = false;
      this.lost_ms_ = performance.now();
      this.listener_.on_reachable(false);
    }
    this.retry_ = window.setTimeout(() => this.connect_(), this.backoff_.take());
  }

  private message_(text: string): void {
    let message: { t?: unknown; boot?: unknown; channels?: unknown; sessions?: unknown; session?: unknown; what?: unknown };
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      return;
    }
    if (message.t === "hub" && typeof message.boot === "string") {
      const restarted = this.boot_ !== null && this.boot_ !== message.boot;
      this.boot_ = message.boot;
      if (restarted) this.listener_.on_restart(this.lost_ms_);
    } else if (message.t === "channels" && Array.isArray(message.channels)) {
      this.listener_.on_channels(message.channels as Channel[]);
    } else if (message.t === "sessions" && Array.isArray(message.sessions)) {
      this.listener_.on_sessions?.(message.sessions as Session[], message.session as Session);
    } else if (message.t === "changed" && Array.isArray(message.what)) {
      this.listener_.on_changed?.(message.what.map(String));
    }
  }

  private beat_(): void {
    const socket = this.socket_;
    if (!socket || !this.open_) return;
    if (socket.bufferedAmount > 0) {
      // What was said 15 s ago has not left yet: the way is dead, and TCP may take minutes to notice.
      socket.close();
      this.lost_(socket);
      return;
    }
    this.send_();
  }

  private send_(): void {
    if (!this.socket_ || !this.open_) return;
    this.socket_.send(JSON.stringify({ t: "here", ...this.here_, visible: !document.hidden }));
  }

  private async poll_(): Promise<void> {
    if (this.open_ || document.hidden) return;
    try {
      const channels = await this.api_.channels();
      if (this.open_) return;
      this.listener_.on_channels(channels);
      this.listener_.on_reachable(true);
    } catch {
      if (!this.open_) this.listener_.on_reachable(false);
    }
  }
}
