import { h } from "../dom";
import { decimal, t } from "../i18n";
import { feeds } from "./host";
import type { FaultReport } from "./host_api";
import { clock, position } from "./time";
import { Rows } from "./ui";
import { w } from "./words";

function symptom(name: string): string {
  const words: Record<string, string> = {
    no_picture: t().no_picture, no_sound: t().no_sound, stops: t().stops, late: t().late, other: t().other,
  };
  return words[name] ?? name;
}

function room(id: string | null): string {
  return id === null ? w().no_room : (feeds.channels.value?.find((one) => one.id === id)?.title ?? id);
}

interface Group {
  key: string;
  symptom: string;
  channel: string | null;
  count: number;
}

/** How often the same was said of the same room; the most frequent first. */
function groups(reports: readonly FaultReport[]): Group[] {
  const found = new Map<string, Group>();
  for (const { symptom: name, channel } of reports) {
    const key = JSON.stringify([name, channel]);
    const group = found.get(key) ?? { key, symptom: name, channel, count: 0 };
    group.count += 1;
    found.set(key, group);
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function player_words(report: FaultReport): string {
  const { mode, state, position_s, delay_s, errors } = report.player ?? {};
  return [
    mode === "video" ? t().watch : mode === "audio" ? t().listen : "",
    state ? (w().player_states[state] ?? state) : "",
    position_s !== undefined && position_s > 0 ? w().at_position(position(position_s)) : "",
    typeof delay_s === "number" ? t().delay(decimal(delay_s)) : "",
    errors && errors.length > 0 ? errors.slice(-2).join(", ") : "",
  ].filter(Boolean).join(" · ");
}

/** What attendees said with "it does not work". */
export class Reports {
  readonly element: HTMLElement;

  constructor() {
    const grouped = new Rows<Group>(h("ul", { class: "groups" }), ({ key }) => key, (now) =>
      h(
        "li",
        { class: "badge" },
        h("strong", {}, () => String(now().count)),
        h("span", { dir: "auto" }, () => `${symptom(now().symptom)} · ${room(now().channel)}`),
      ));
    const rows = new Rows<FaultReport>(h("ol", { class: "cards reports" }), ({ id }) => String(id), (now) =>
      h(
        "li",
        { class: "card", "data-report": String(now().id) },
        h(
          "div",
          { class: "channel-head" },
          h("h3", { dir: "auto" }, () => `${symptom(now().symptom)} · ${room(now().channel)}`),
          h("span", { class: "meta" }, () => clock(now().at)),
        ),
        h("p", { dir: "auto", hidden: () => now().text === "" }, () => now().text),
        h("p", { class: "hint", hidden: () => player_words(now()) === "", dir: "auto" }, () => player_words(now())),
      ));
    this.element = h(
      "section",
      { "aria-labelledby": "reports-title" },
      h("h2", { id: "reports-title", tabindex: "-1" }, () => w().reports),
      h("p", { class: "hint", hidden: () => feeds.reports.value === null || feeds.reports.value.length > 0 }, () => w().no_reports),
      grouped.element,
      rows.element,
    );
    feeds.reports.on_change((reports) => {
      grouped.update(groups(reports));
      rows.update(reports);
    });
  }
}
