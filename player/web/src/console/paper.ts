import type { DeskEntry } from "./host_api";

/** A paper sheet as it is typed in afterwards: one person a line, "name; organisation; time". A tab divides as well,
 *  so that columns of a table program can be pasted. */

export const kLinesMost = 500;
export const kNameMost = 120;
export const kAffiliationMost = 160;

export type Fault = "no_name" | "long_name" | "long_affiliation" | "bad_time" | "too_many_parts";

export interface PaperLine {
  /** Of the text, from 1. */
  line: number;
  entry: DeskEntry;
  fault: Fault | null;
}

/** "9:42", "09h42", "9 h 42", "9h", "9.42" → "09:42"; null if it is no time of day. */
export function parse_time(text: string): string | null {
  const match = /^(\d{1,2})\s*(?:[:.hH]\s*([0-5]\d)?)$/.exec(text.trim());
  if (!match) return null;
  const hours = Number(match[1]);
  // "9:" and "9." are slips; "9 h" is a time.
  if (hours > 23 || (match[2] === undefined && !/h/i.test(text))) return null;
  return `${String(hours).padStart(2, "0")}:${match[2] ?? "00"}`;
}

function length(text: string): number {
  return [...text].length;
}

/** The lines that are not empty, each with what is wrong with it. */
export function parse_paper(text: string): PaperLine[] {
  const lines: PaperLine[] = [];
  text.split(/\r\n|\r|\n/).forEach((raw, i) => {
    if (raw.trim() === "") return;
    const parts = raw.split(raw.includes("\t") ? "\t" : ";").map((part) => part.trim());
    // A divider at the end of a line divides nothing.
    while (parts.length > 3 && parts[parts.length - 1] === "") parts.pop();
    const [name = "", second = "", third = ""] = parts;
    // "name; 9:42": an organisation that reads as a time is one.
    const bare = parts.length === 2 && parse_time(second) !== null;
    const [affiliation, time] = bare ? ["", second] : [second, third];
    const at = time ? parse_time(time) : null;
    const entry: DeskEntry = { name };
    if (affiliation) entry.affiliation = affiliation;
    if (at) entry.at = at;
    lines.push({ line: i + 1, entry, fault: fault_of(name, affiliation, time !== "" && at === null, parts.length > 3) });
  });
  return lines;
}

function fault_of(name: string, affiliation: string, bad_time: boolean, more: boolean): Fault | null {
  if (name === "") return "no_name";
  if (length(name) > kNameMost) return "long_name";
  if (length(affiliation) > kAffiliationMost) return "long_affiliation";
  if (more) return "too_many_parts";
  return bad_time ? "bad_time" : null;
}
