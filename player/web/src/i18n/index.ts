import languages from "hub:languages";
import { refresh } from "../dom";
import { recall, remember } from "../storage";
import type { Messages } from "./fr";

export type { Messages };

const kFirst = "fr";

function find(code: string): Messages | undefined {
  const base = code.toLowerCase().split("-")[0];
  return languages.find((messages) => messages.code === base);
}

let offered: Messages[] = [...languages].sort((a, b) => Number(b.code === kFirst) - Number(a.code === kFirst));
let current: Messages = choose();

/** The one picked here before, else the first the phone prefers that is offered, else the hub's first. */
function choose(): Messages {
  const wanted = [recall("language"), ...(navigator.languages ?? [navigator.language])];
  for (const code of wanted) {
    const found = code ? find(code) : undefined;
    if (found && offered.includes(found)) return found;
  }
  return offered[0] as Messages;
}

/** The messages now shown. Ask at each use: `() => t().welcome`. */
export function t(): Messages {
  return current;
}

export function languages_offered(): readonly Messages[] {
  return offered;
}

/** The hub's languages, its first one first; those the page does not speak are left out. */
export function offer_languages(codes: string[]): void {
  const spoken = codes.map(find).filter((found): found is Messages => found !== undefined);
  if (spoken.length > 0) offered = spoken;
  show(choose());
}

/** @param keep  on this device, for the next time */
export function pick_language(messages: Messages, keep = true): void {
  if (keep) remember("language", messages.code);
  show(messages);
}

/** The hub's first language, whatever was picked here. */
export function first_language(): void {
  show(offered[0] as Messages);
}

function show(messages: Messages): void {
  current = messages;
  document.documentElement.lang = messages.code;
  refresh();
}

/** The name of a language in the language shown, as in "français"; the code where the browser knows none. */
export function language_name(code: string): string {
  try {
    return new Intl.DisplayNames([current.code], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** One decimal, as the language writes it: "1,4" or "1.4". */
export function decimal(value: number): string {
  return value.toLocaleString(current.code, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** Day and time of day where the hub is, whatever the phone's clock is set to. */
export function local_time(rfc3339: string, time_zone: string, what: "day" | "time" | "both"): string {
  const date = new Date(rfc3339);
  if (isNaN(date.getTime())) return "";
  const format: Intl.DateTimeFormatOptions = {};
  if (what !== "time") Object.assign(format, { day: "numeric", month: "long", year: "numeric" });
  if (what !== "day") Object.assign(format, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  try {
    return date.toLocaleString(current.code, { ...format, timeZone: time_zone });
  } catch {
    // A time zone that this browser does not know: its own is nearer than nothing.
    return date.toLocaleString(current.code, format);
  }
}
