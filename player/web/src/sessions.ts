import { Session } from "./api";
import { state } from "./app";
import { local_time, t } from "./i18n";

/** Sessions and who of this device is in them, by the hub's clock. */

let ahead_ms = 0;

/** Reads the hub's clock. @param now  RFC 3339, as the hub has just said */
export function set_clock(now: string): void {
  const at = Date.parse(now);
  if (!isNaN(at)) ahead_ms = at - Date.now();
}

export function hub_now_ms(): number {
  return Date.now() + ahead_ms;
}

/** The sessions that take sign-ins now; none where the day is the session. */
export function sessions_now(): Session[] {
  return (state.hub?.sessions ?? []).filter((session) => {
    if (session.state === "open") return true;
    return session.state === "upcoming" && session.sign_in_from !== undefined && Date.parse(session.sign_in_from) <= hub_now_ms();
  });
}

/** Somebody of this device is declared there and has not left. */
function present_in(session: Session): boolean {
  return state.me.persons.some((person) =>
    (person.attendance ?? []).some((entry) => entry.session_id === session.id && entry.basis === "declared" && entry.last_out === null),
  );
}

/** Where this device may say "I am here" once more. */
export function sessions_to_join(): Session[] {
  const now = sessions_now();
  if (now.length > 0) return now.filter((session) => !present_in(session));
  const day = state.hub?.session;
  return state.me.present || !day ? [] : [day];
}

/** The one that was open when this device signed in, is over, and has no other beside it. */
export function over(): boolean {
  const ids = state.me.persons.reduce<string[]>((all, person) => all.concat((person.attendance ?? []).map((entry) => entry.session_id)), []);
  const mine = (state.hub?.sessions ?? []).filter((session) => ids.includes(session.id));
  return mine.length > 0 && mine.every((session) => session.state === "closed");
}

/** "DNS Operations, 14:00 – 16:00": times of the place where the hub is. */
export function session_words(session: Session): string {
  const zone = state.hub?.time_zone ?? "UTC";
  if (!session.start || !session.end || session.id.startsWith("local:")) return session.title;
  return t().session_line(session.title, local_time(session.start, zone, "time"), local_time(session.end, zone, "time"));
}
