import { Answers, Api, Channel, Hub, Session } from "../api";

/** The part of the hub's HTTP API that is the host's and the organizer's (hub/web/API.md). */

export type Role = "host" | "organizer" | null;
export type SessionState = "upcoming" | "open" | "closed";

export interface HubSession extends Session {
  acronym: string;
  meeting: string;
  channel: string | null;
  start: string;
  end: string;
  state: SessionState;
}

export interface HostHub extends Hub {
  meeting: string;
  session: HubSession | null;
  sessions: HubSession[];
}

export interface HostChannel extends Channel {
  session: string | null;
  mode: string;
  source: string;
  added: boolean;
  bytes_in: number;
  restarts: number;
}

export interface NewChannel {
  title: string;
  uri: string;
  starts_at?: string;
}

/** The IETF session that an address belongs to. */
export interface Ietf {
  meeting: string;
  session_id: string;
}

export type TestResult =
  | { ok: true; tracks: string[]; kbps: number; title: string }
  | { ok: false; code: string; error: string };

export interface NewSession {
  title: string;
  acronym?: string;
  meeting?: string;
  id?: string;
  channel?: string;
  start?: string;
  end?: string;
}

export interface DeskPerson {
  ref: string;
  name: string;
  affiliation: string;
  anonymous: boolean;
  here: boolean;
  via: "phone" | "kiosk" | "desk" | "paper" | null;
  in: string | null;
  out: string | null;
}

export interface Change {
  change: string;
  what: "add" | "left";
  name: string;
  at: string;
}

export interface Desk {
  session: HubSession;
  head_count: number | null;
  named: number;
  anonymous: number;
  present: number;
  persons: DeskPerson[];
  changes: Change[];
}

/** Somebody known by `ref`, or somebody new by `name`. @property at  "09:42" or RFC 3339 */
export interface DeskEntry extends Partial<Answers> {
  ref?: string;
  name?: string;
  at?: string;
}

export interface Recording {
  id: string;
  title: string;
  size_bytes: number | null;
  done_bytes: number;
  duration_s: number | null;
  state: "queued" | "fetching" | "ready" | "failed";
  reason: { code: string; error: string } | null;
  keep_until: string | null;
}

export interface Recordings {
  permission: string;
  free_bytes: number;
  recordings: Recording[];
}

/** @property starts_at  when a fetch may begin, null: at once */
export interface FetchSize {
  size_bytes: number | null;
  free_bytes: number;
  starts_at: string | null;
}

export interface FaultReport {
  id: number;
  at: string;
  channel: string | null;
  symptom: string;
  text: string;
  player: { mode?: string | null; state?: string; position_s?: number; delay_s?: number | null; errors?: string[] } | null;
}

export interface Machine {
  addresses: string[];
  warnings: { code: string; text: string }[];
}

type Counts = Record<string, number>;

export interface Totals {
  named: number;
  anonymous: number;
  head_count: number | null;
  present?: number;
  members: Counts;
  first_time: Counts;
  gender?: Counts;
  status?: Counts;
  answers?: Record<string, Counts>;
}

export interface SessionTotals extends Totals {
  id: string;
  title: string;
  acronym: string;
  meeting: string;
  start: string;
  end: string;
  state: SessionState;
  forgotten: boolean;
}

export interface Summary {
  hub: string;
  at: string;
  questions: { id: string; text: string }[];
  sessions: SessionTotals[];
  totals: Totals;
}

const kHost = "/api/v1/host";
/** A source is tested for up to 15 s, and a slow site is asked for a size: the hub answers within this. */
const kPatientMs = 30_000;
/** 500 lines are written to the disk in one piece. */
const kSheetMs = 60_000;

function part(text: string): string {
  return encodeURIComponent(text);
}

export class HostApi extends Api {
  role(): Promise<{ role: Role }> {
    return this.request_("GET", "/api/v1/session");
  }
  login(passphrase: string): Promise<{ role: Role }> {
    return this.request_("POST", "/api/v1/login", { passphrase });
  }
  logout(): Promise<unknown> {
    return this.request_("POST", "/api/v1/logout", {});
  }
  host_hub(): Promise<HostHub> {
    return this.request_("GET", "/api/v1/hub");
  }
  summary(): Promise<Summary> {
    return this.request_("GET", "/api/v1/attendance");
  }
  machine(): Promise<Machine> {
    return this.request_("GET", `${kHost}/machine`);
  }
  reports(): Promise<FaultReport[]> {
    return this.request_("GET", `${kHost}/reports`);
  }

  host_channels(): Promise<HostChannel[]> {
    return this.request_("GET", `${kHost}/channels`);
  }
  add_channel(body: NewChannel): Promise<HostChannel & { ietf?: Ietf }> {
    return this.request_("POST", `${kHost}/channels`, body, kPatientMs);
  }
  remove_channel(id: string): Promise<unknown> {
    return this.request_("DELETE", `${kHost}/channels/${part(id)}`);
  }
  /** @param order  start, stop, pause or resume */
  order_channel(id: string, order: string): Promise<unknown> {
    return this.request_("POST", `${kHost}/channels/${part(id)}/${order}`, {});
  }
  seek(id: string, to: { position_s: number } | { by_s: number }): Promise<unknown> {
    return this.request_("POST", `${kHost}/channels/${part(id)}/seek`, to);
  }
  test(uri: string): Promise<TestResult> {
    return this.request_("POST", `${kHost}/test`, { uri }, kPatientMs);
  }

  open_session(body: NewSession): Promise<HubSession> {
    return this.request_("POST", `${kHost}/sessions`, body);
  }
  change_session(id: string, body: { end: string } | { title: string }): Promise<unknown> {
    return this.request_("POST", `${kHost}/sessions/${part(id)}`, body);
  }
  close_session(id: string): Promise<unknown> {
    return this.request_("POST", `${kHost}/sessions/${part(id)}/close`, {});
  }

  /** @param session  null: the one that a sign-in counts for */
  desk(session: string | null, q = ""): Promise<Desk> {
    const query = [session ? `session=${part(session)}` : "", q ? `q=${part(q)}` : ""].filter(Boolean).join("&");
    return this.request_("GET", `${kHost}/desk${query ? `?${query}` : ""}`);
  }
  add_persons(session: string | null, persons: DeskEntry[], paper: boolean): Promise<{ change: string; added: { ref: string; name: string }[] }> {
    return this.request_("POST", `${kHost}/desk`, { ...within(session), paper, persons }, kSheetMs);
  }
  left(session: string | null, ref: string): Promise<{ change: string }> {
    return this.request_("POST", `${kHost}/desk/${part(ref)}/left`, within(session));
  }
  undo(change: string): Promise<unknown> {
    return this.request_("POST", `${kHost}/desk/undo`, { change });
  }
  head_count(session: string | null, count: number): Promise<unknown> {
    return this.request_("PUT", `${kHost}/head-count`, { ...within(session), count });
  }

  recordings(): Promise<Recordings> {
    return this.request_("GET", `${kHost}/recordings`);
  }
  size_of(uri: string): Promise<FetchSize> {
    return this.request_("POST", `${kHost}/recordings`, { uri, dry_run: true }, kPatientMs);
  }
  fetch_recording(body: { uri: string; title?: string }): Promise<Recording> {
    return this.request_("POST", `${kHost}/recordings`, body, kPatientMs);
  }
  remove_recording(id: string): Promise<unknown> {
    return this.request_("DELETE", `${kHost}/recordings/${part(id)}`);
  }
}

function within(session: string | null): { session?: string } {
  return session ? { session } : {};
}
