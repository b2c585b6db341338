import { h } from "../dom";
import { languages_offered, t } from "../i18n";
import { feeds, host } from "./host";
import type { SessionTotals, Summary, Totals } from "./host_api";
import { clock, number } from "./time";
import { Rows } from "./ui";
import { w } from "./words";

interface Line {
  words: string;
  value: string;
}

/** Answers that are not here come after these, as the hub has them. */
const kOrder = ["yes", "true", "no", "false", "wants", "woman", "man", "student", "professional"];

/** What is known about a session or about all, in the order of the report; nothing about what was not asked. */
function lines(totals: Totals, summary: Summary): Line[] {
  const found: Line[] = [];
  const count = (words: string, value: number | null | undefined): void => {
    if (value !== undefined) found.push({ words, value: value === null ? "–" : number(value) });
  };
  count(w().named, totals.named);
  count(w().anonymous, totals.anonymous);
  count(w().head_count, totals.head_count);
  const group = (words: string, counts: Record<string, number> | undefined, say: (answer: string) => string): void => {
    const place = (answer: string): number => (kOrder.includes(answer) ? kOrder.indexOf(answer) : kOrder.length);
    const entries = Object.entries(counts ?? {}).filter(([, n]) => n > 0).sort(([a], [b]) => place(a) - place(b));
    if (entries.length > 0) found.push({ words, value: entries.map(([answer, n]) => w().count_of(say(answer), number(n))).join(" · ") });
  };
  const yes_no = (answer: string): string => ({ yes: t().yes, no: t().no, true: t().yes, false: t().no, wants: w().wants })[answer] ?? answer;
  group(w().members, totals.members, yes_no);
  group(w().first_timers, totals.first_time, yes_no);
  group(w().asked["gender"] ?? "", totals.gender, (answer) => w().answers["gender"]?.[answer] ?? answer);
  group(w().asked["status"] ?? "", totals.status, (answer) => w().answers["status"]?.[answer] ?? answer);
  for (const { id, text } of summary.questions) group(text, totals.answers?.[id], yes_no);
  return found;
}

function table(now: () => Totals): HTMLElement {
  const rows = new Rows<Line>(h("dl", { class: "totals" }), ({ words }) => words, (line) =>
    h("div", {}, h("dt", { dir: "auto" }, () => line().words), h("dd", { dir: "auto" }, () => line().value)));
  const draw = (): void => {
    const summary = feeds.summary.value;
    if (summary) rows.update(lines(now(), summary));
  };
  redraw.push({ element: rows.element, draw });
  draw();
  return rows.element;
}

/** Tables in the document; words among their lines change with the language. */
let redraw: { element: HTMLElement; draw: () => void }[] = [];

/** The figures of the day, and the ways to take them home. */
export class SummaryView {
  readonly element: HTMLElement;

  constructor() {
    const sessions = new Rows<SessionTotals>(h("ul", { class: "cards" }), ({ id }) => id, (now) =>
      h(
        "li",
        { class: "card", "data-summary": now().id },
        h(
          "div",
          { class: "channel-head" },
          h("h3", { dir: "auto" }, () => now().title),
          h("span", { class: "badge late", hidden: () => !now().forgotten }, () => w().session_forgotten),
        ),
        h("p", { class: "meta" }, () => w().from_to(clock(now().start), clock(now().end))),
        table(now),
      ));
    const all = h("div", { class: "card all-totals", role: "region", "aria-labelledby": "totals-title", hidden: () => feeds.summary.value === null }, h("h3", { id: "totals-title" }, () => w().in_all));
    const none: Totals = { named: 0, anonymous: 0, head_count: null, members: {}, first_time: {} };
    all.append(table(() => feeds.summary.value?.totals ?? none), h("p", { class: "hint" }, () => w().in_all_hint));
    this.element = h(
      "section",
      { "aria-labelledby": "summary-title" },
      h("h2", { id: "summary-title", tabindex: "-1" }, () => w().summary),
      all,
      sessions.element,
      h("p", { class: "hint", hidden: () => feeds.summary.value === null || feeds.summary.value.sessions.length > 0 }, () => w().no_figures),
      exports(),
      papers(),
    );
    feeds.summary.on_change((summary) => {
      sessions.update(summary.sessions);
      this.draw();
    });
  }

  /** Also after a change of language. */
  draw(): void {
    redraw = redraw.filter(({ element }) => element.isConnected || element.parentElement !== null);
    for (const { draw } of redraw) draw();
  }
}

function download(path: string, words: () => string, spoken: () => string, props: Record<string, string | boolean>): HTMLElement {
  return h("a", { class: "button outline", href: path, "aria-label": spoken, ...props }, words);
}

function exports(): HTMLElement {
  const links = languages_offered().flatMap(({ code, own_name }) =>
    ["csv", "json"].map((format) =>
      download(
        `/api/v1/attendance/export?format=${format}&lang=${code}`,
        () => `${format.toUpperCase()} · ${own_name}`,
        () => w().export_as(format.toUpperCase(), own_name),
        { download: true },
      )));
  return h(
    "div",
    { class: "card", role: "region", "aria-labelledby": "export-title" },
    h("h3", { id: "export-title" }, () => w().export_title),
    h("p", { class: "hint" }, () => w().export_hint),
    h("div", { class: "row" }, ...links),
  );
}

/** Sheet and poster are the host's. */
function papers(): HTMLElement {
  const links = languages_offered().flatMap(({ code, own_name }) => [
    download(`/api/v1/host/sheet.pdf?lang=${code}`, () => `${w().sheet} · ${own_name}`, () => w().pdf_of(w().sheet, own_name), { target: "_blank", rel: "noopener" }),
    download(`/api/v1/host/poster.pdf?lang=${code}`, () => `${w().poster} · ${own_name}`, () => w().pdf_of(w().poster, own_name), { target: "_blank", rel: "noopener" }),
  ]);
  return h(
    "div",
    { class: "card", role: "region", "aria-labelledby": "print-title", hidden: () => host.role !== "host" },
    h("h3", { id: "print-title" }, () => w().print_title),
    h("p", { class: "hint" }, () => w().print_hint),
    h("div", { class: "row" }, ...links),
  );
}
