import { local_time, t } from "../i18n";
import { host } from "./host";

/** Times of day are those of the hub's time zone, whatever the laptop is set to. */

function zone(): string {
  return host.hub?.time_zone ?? "UTC";
}

/** "14:05" where the hub is; empty for null. */
export function clock(rfc3339: string | null): string {
  return rfc3339 ? local_time(rfc3339, zone(), "time") : "";
}

export function day_and_clock(rfc3339: string): string {
  return local_time(rfc3339, zone(), "both");
}

/** The wall clock where the hub is, as if it were UTC, in ms: what adding and comparing is done with. */
function wall_ms(instant_ms: number, time_zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: time_zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).formatToParts(new Date(instant_ms));
  const at = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second"));
}

/** The instant at which the clocks of @p time_zone show "HH:MM" on the day of @p day_of_ms; null if it is no time. */
export function instant_of(hh_mm: string, day_of_ms: number, time_zone: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(hh_mm);
  if (!match || Number(match[1]) > 23 || Number(match[2]) > 59) return null;
  const day = Math.floor(wall_ms(day_of_ms, time_zone) / 86_400_000) * 86_400_000;
  const wanted = day + (Number(match[1]) * 60 + Number(match[2])) * 60_000;
  // Twice, since the offset may be another one on the two sides of a change of clocks.
  let instant = wanted;
  for (let round = 0; round < 2; round += 1) instant += wanted - wall_ms(instant, time_zone);
  return instant;
}

/** "HH:MM" as an input of type time takes it. */
export function time_value(rfc3339: string): string {
  const ms = Date.parse(rfc3339);
  return isNaN(ms) ? "" : new Date(wall_ms(ms, zone())).toISOString().slice(11, 16);
}

const kNightMs = 12 * 3_600_000;

/** The instant of a time typed for something that follows @p after: after midnight where that is what was meant, and
 *  otherwise the same day, for the hub to refuse what lies before. */
export function time_after(hh_mm: string, after: string): string | null {
  const begin = Date.parse(after);
  const same_day = instant_of(hh_mm, begin, zone());
  if (same_day === null) return null;
  const next_day = instant_of(hh_mm, begin + 86_400_000, zone()) ?? same_day;
  return new Date(same_day <= begin && next_day - begin <= kNightMs ? next_day : same_day).toISOString();
}

/** The instant of a time of today. */
export function time_today(hh_mm: string): string | null {
  const instant = instant_of(hh_mm, Date.now(), zone());
  return instant === null ? null : new Date(instant).toISOString();
}

/** "1:02:03" or "2:03". */
export function position(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Seconds of "1:02:03", "62:03" or "90" (minutes); null if it is none of them. */
export function parse_position(text: string): number | null {
  const match = /^(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$/.exec(text.trim());
  if (match) return Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60 + Number(match[3]);
  return /^\d{1,3}$/.test(text.trim()) ? Number(text.trim()) * 60 : null;
}

/** "12,3 Mo". */
export function size(bytes: number): string {
  const units = t().code === "fr" ? ["o", "ko", "Mo", "Go", "To"] : ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 100 ? 1 : 0;
  return `${value.toLocaleString(t().code, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0${units[unit]}`;
}

export function number(value: number): string {
  return value.toLocaleString(t().code);
}
