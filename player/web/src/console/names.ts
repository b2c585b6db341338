import { refresh } from "../dom";
import { w } from "./words";

/** The page may be on the projector: names are hidden until the host asks for them, and again after a while. */

const kUnusedMs = 120_000;

let shown = false;
let timer = 0;

export function names_shown(): boolean {
  return shown;
}

export function show_names(show: boolean): void {
  shown = show;
  document.body.classList.toggle("names-hidden", !show);
  clearTimeout(timer);
  if (show) wait();
  refresh();
}

function wait(): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => show_names(false), kUnusedMs);
}

/** Hides the names when nobody has used the page for two minutes, and whenever it is not seen. */
export function guard_names(): void {
  show_names(false);
  const used = (): void => {
    if (shown) wait();
  };
  for (const event of ["pointerdown", "keydown", "wheel", "touchmove"]) addEventListener(event, used, { passive: true });
  const away = (): void => {
    if (document.hidden) show_names(false);
  };
  document.addEventListener("visibilitychange", away);
  addEventListener("pagehide", () => show_names(false));
}

/** The first letters of up to three words of a name; empty if it has none. */
export function initials(name: string): string {
  return name
    .split(/[\s\-‐’']+/)
    .map((word) => /\p{L}/u.exec(word)?.[0] ?? "")
    .filter(Boolean)
    .slice(0, 3)
    .map((letter) => `${letter.toLocaleUpperCase()}.`)
    .join("\u00a0");
}

/** What stands for a person now. @param place  counts from 1; says who is meant where a name has no letters */
export function name_now(name: string, anonymous: boolean, place: number): string {
  if (anonymous) return w().without_name;
  if (shown) return name;
  return initials(name) || w().person_number(place);
}
