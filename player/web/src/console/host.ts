import { ApiError } from "../api";
import { refresh } from "../dom";
import { t } from "../i18n";
import { Desk, FaultReport, HostApi, HostChannel, HostHub, HubSession, Machine, Recordings, Role, Summary } from "./host_api";

/** What the parts of the host page share. Change it, then refresh(). */
export const host = {
  role: null as Role,
  hub: null as HostHub | null,
  sessions: [] as HubSession[],
  session: null as HubSession | null,
  /** News from the hub arrive. */
  reachable: true,
};

export const api = new HostApi(() => t().code);

/** Who is told when the hub does not know this browser any more. */
let role_lost: () => void = () => undefined;
export function on_role_lost(listener: () => void): void {
  role_lost = listener;
}

/** Notes what an answer says about this page's own standing. @returns whether it is an answer, and no fault of ours. */
export function judge(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.status === 401 && host.role !== null) role_lost();
  return true;
}

/** Something that the hub is asked for again and again; what was known stays when it cannot be reached. */
export class Resource<T> {
  value: T | null = null;
  /** The newest try failed. */
  failed: unknown = null;
  private running_ = false;
  private again_ = false;
  private listeners_: ((value: T) => void)[] = [];

  /** @param who  the roles that may ask */
  constructor(
    private readonly ask_: () => Promise<T>,
    private readonly who_: readonly Role[] = ["host"],
  ) {}

  on_change(listener: (value: T) => void): void {
    this.listeners_.push(listener);
  }

  /** Asks; calls while a question is on its way make one more afterwards, since the answer may be old already. */
  async load(): Promise<void> {
    if (!this.who_.includes(host.role)) return;
    this.again_ = this.running_;
    if (this.running_) return;
    this.running_ = true;
    try {
      const value = await this.ask_();
      this.failed = null;
      if (this.who_.includes(host.role)) this.take(value);
    } catch (error) {
      if (!judge(error)) throw error;
      this.failed = error;
    } finally {
      this.running_ = false;
      refresh();
      if (this.again_) void this.load();
    }
  }

  take(value: T): void {
    this.value = value;
    for (const listener of this.listeners_) listener(value);
    refresh();
  }
}

/** The session that the desk works for; null: the one that a sign-in counts for. */
export const desk_choice = { session: null as string | null };

export const feeds = {
  channels: new Resource<HostChannel[]>(() => api.host_channels()),
  /** Of the current session, for the numbers at the top. */
  now: new Resource<Desk>(() => api.desk(null)),
  desk: new Resource<Desk>(() => api.desk(desk_choice.session)),
  machine: new Resource<Machine>(() => api.machine()),
  recordings: new Resource<Recordings>(() => api.recordings()),
  reports: new Resource<FaultReport[]>(() => api.reports()),
  summary: new Resource<Summary>(() => api.summary(), ["host", "organizer"]),
};

/** Asks for the hub's own words and sessions again. */
export async function load_hub(): Promise<void> {
  try {
    const hub = await api.host_hub();
    host.hub = hub;
    take_sessions(hub.sessions, hub.session);
  } catch (error) {
    if (!judge(error)) throw error;
  }
}

let session_listeners: (() => void)[] = [];
export function on_sessions(listener: () => void): void {
  session_listeners = [...session_listeners, listener];
}

export function take_sessions(sessions: HubSession[], session: HubSession | null): void {
  host.sessions = sessions;
  host.session = session;
  for (const listener of session_listeners) listener();
  refresh();
}
