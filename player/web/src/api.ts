/** The hub's HTTP API (hub/web/API.md), as far as attendees use it. */

export interface Hub {
  name: string;
  languages: string[];
  time_zone: string;
  /** The hub's clock when it answered. */
  now: string;
  note_well_url: string | null;
  consent_version: string;
  privacy: Privacy;
  sign_in: { ask: string[]; questions: Question[] };
  /** The one that a sign-in counts for if it names none. */
  session: Session | null;
  /** Those of today. */
  sessions: Session[];
}

/** A question of the hub's own, in the language shown; without choices it is answered by yes or no. */
export interface Question {
  id: string;
  text: string;
  choices: string[];
}

/** Who answers for what people write, whom to ask about it (may be empty), and how long it is kept. */
export interface Privacy {
  controller: string;
  contact: string;
  retention_days: number;
}

/** @property start, end, sign_in_from  RFC 3339 */
export interface Session {
  id: string;
  title: string;
  start?: string;
  end?: string;
  state?: "upcoming" | "open" | "closed";
  sign_in_from?: string;
}

export type ChannelState = "idle" | "connecting" | "live" | "slate" | "waiting";

export interface Channel {
  id: string;
  title: string;
  language: string;
  state: ChannelState;
  reason: { code: string; error: string } | null;
  kind: "video" | "audio" | null;
  /** A recording that runs as if it were live, with the host's hand on it. */
  replay?: Replay | null;
  /** false: the network of the room has no place for one more picture. */
  watch?: boolean;
  hls: string;
  listen: string | null;
  audio: { mp3: string; aac: string } | null;
  on_air: string;
  viewers: number;
}

export interface Replay {
  position_s: number;
  duration_s: number;
  paused: boolean;
  starts_at: string | null;
}

export type Member = "yes" | "no" | "wants";

/** What a form may say beside the name. */
export interface Answers {
  affiliation: string;
  member: Member;
  first_time: boolean;
  gender?: string;
  status?: string;
  contact_ok?: boolean;
  contact?: string;
  answers?: Record<string, string | boolean>;
}

export interface SignIn extends Answers {
  name: string;
  consent: boolean;
}

/** @property session  an id; else the hub's own choice
 *  @property kiosk  a tablet at the door: no cookie is set, nobody's is used */
export interface Where {
  session?: string;
  kiosk?: boolean;
}

export interface Attendance {
  session_id: string;
  basis: "declared" | "measured";
  first_in: string;
  last_out: string | null;
  seconds: number;
}

export interface Person {
  ref: string;
  anonymous: boolean;
  name?: string;
  affiliation?: string;
  email?: string | null;
  contact?: string | null;
  member?: Member | null;
  first_time?: boolean | null;
  gender?: string | null;
  status?: string | null;
  answers?: Record<string, string | boolean> | null;
  consent?: { version: string; language: string; at: string } | null;
  attendance?: Attendance[];
}

export interface Me {
  persons: Person[];
  present: boolean;
  /** Gives this phone its cookie back when the hub has another address. */
  code?: string | null;
}

export type Symptom = "no_picture" | "no_sound" | "stops" | "late" | "other";

export interface Report {
  channel: string | null;
  symptom: Symptom;
  text: string;
  player: Diagnostics;
}

/** What the player can say about itself, for the person who has to find the fault. */
export interface Diagnostics {
  mode: string | null;
  state: string;
  position_s: number;
  delay_s: number | null;
  errors: string[];
}

/** An answer that is not the one hoped for. `status` 0: the hub was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    /** The name of the input that the hub refuses, where it says so. */
    readonly field: string | null = null,
    /** Whatever else the hub said: `retry_after_s`, `line`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(text);
  }
}

const kTimeoutMs = 10_000;

export class Api {
  /** @param language  asked at each request: errors come in the language that is shown then. */
  constructor(private readonly language_: () => string) {}

  hub(): Promise<Hub> {
    return this.request_("GET", "/api/v1/hub");
  }
  channels(): Promise<Channel[]> {
    return this.request_("GET", "/api/v1/channels");
  }
  me(): Promise<Me> {
    return this.request_("GET", "/api/v1/me");
  }
  sign_in(body: (SignIn | { anonymous: true }) & Where): Promise<unknown> {
    return this.request_("POST", "/api/v1/sign-in", body);
  }
  sign_in_again(where: Where): Promise<unknown> {
    return this.request_("POST", "/api/v1/sign-in/again", where);
  }
  sign_in_code(code: string): Promise<Me> {
    return this.request_("POST", "/api/v1/sign-in/code", { code });
  }
  sign_out(): Promise<unknown> {
    return this.request_("POST", "/api/v1/sign-out", {});
  }
  erase(): Promise<unknown> {
    return this.request_("DELETE", "/api/v1/me");
  }
  report(body: Report): Promise<unknown> {
    return this.request_("POST", "/api/v1/reports", body);
  }

  protected async request_<T>(method: string, path: string, body?: unknown, timeout_ms = kTimeoutMs): Promise<T> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout_ms);
    try {
      const init: RequestInit = { method, signal: abort.signal, credentials: "same-origin", cache: "no-store" };
      if (method !== "GET") {
        // The hub takes changes only with this type: a foreign page cannot send it without being asked first.
        init.headers = { "Content-Type": "application/json" };
        if (body !== undefined) init.body = JSON.stringify(body);
      }
      const joint = path.includes("?") ? "&" : "?";
      const response = await fetch(`${path}${joint}lang=${encodeURIComponent(this.language_())}`, init);
      const answer: unknown = await response.json().catch(() => null);
      if (!response.ok) {
        const said = (answer ?? {}) as { code?: unknown; error?: unknown; field?: unknown };
        throw new ApiError(
          response.status,
          typeof said.code === "string" ? said.code : "internal",
          typeof said.error === "string" ? said.error : "",
          typeof said.field === "string" ? said.field : null,
          said as Record<string, unknown>,
        );
      }
      return answer as T;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(0, "unreachable", "");
    } finally {
      clearTimeout(timer);
    }
  }
}
