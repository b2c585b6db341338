import { ApiError, Member, Question } from "../api";
import { focus_on, h, refresh, unique_id } from "../dom";
import { t } from "../i18n";
import { reload_desk, undo } from "./desk_changes";
import { api, desk_choice, host } from "./host";
import type { DeskEntry } from "./host_api";
import { kAffiliationMost, kNameMost } from "./paper";
import { choice, Field, field, problem_line, say, Task } from "./ui";
import { w } from "./words";

/** One new person: what is asked of everybody in sight, the rest folded away. */
class Row {
  readonly element: HTMLFieldSetElement;
  readonly name = field(() => t().name, { name: "name", class: "private", enterkeyhint: "next" });
  private readonly affiliation_ = field(() => t().affiliation, { name: "affiliation", class: "private", enterkeyhint: "next" });
  private readonly member_ = choice(() => t().member, [["", () => "–"], ["yes", () => t().yes], ["no", () => t().no], ["wants", () => t().member_wants]], { name: "member" });
  private readonly first_ = choice(() => t().first_time, [["", () => "–"], ["yes", () => t().yes], ["no", () => t().no]], { name: "first_time" });
  private readonly contact_ = field(() => w().contact, { name: "contact", class: "private" }, () => w().contact_hint);
  private readonly ok_: HTMLInputElement;
  private readonly asked_: { id: string; choices: Field<HTMLSelectElement>; yes_no: boolean; own: boolean }[];
  /** Where the hub has found a fault. */
  problem: (() => string) | null = null;

  constructor(number: () => number, next: () => void, remove: () => void, alone: () => boolean) {
    const ok_id = unique_id("contact-ok");
    this.ok_ = h("input", { id: ok_id, type: "checkbox", name: "contact_ok" });
    this.asked_ = questions().map(({ id, label, choices, own }) => ({
      id,
      own,
      yes_no: choices === null,
      choices: choice(label, [["", () => "–"], ...(choices ?? ([["yes", () => t().yes], ["no", () => t().no]] as [string, () => string][]))], { name: id }),
    }));
    for (const { input } of [this.name, this.affiliation_]) {
      input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        next();
      });
    }
    this.element = h(
      "fieldset",
      { class: "new-person" },
      h("legend", { class: "read-out" }, () => w().person_number(number())),
      h("div", { class: "columns" }, this.name.element, this.affiliation_.element),
      h("p", { class: "problem", role: "alert", dir: "auto" }, () => this.problem?.() ?? ""),
      h(
        "details",
        {},
        h("summary", {}, () => w().more_answers),
        h("div", { class: "columns" }, this.member_.element, this.first_.element, ...this.asked_.map(({ choices }) => choices.element)),
        this.contact_.element,
        h("label", { class: "option", for: ok_id }, this.ok_, h("span", {}, () => w().contact_ok)),
      ),
      h("button", { type: "button", class: "quiet small", hidden: alone, "aria-label": () => w().remove_row(number()), on: { click: remove } }, () => w().remove),
    );
  }

  empty(): boolean {
    return this.name.input.value.trim() === "" && this.affiliation_.input.value.trim() === "";
  }

  /** The answers, or null with a sentence at the row. */
  read(): DeskEntry | null {
    const name = this.name.input.value.trim();
    const affiliation = this.affiliation_.input.value.trim();
    const contact = this.contact_.input.value.trim();
    const long = (text: string, most: number): boolean => [...text].length > most;
    this.problem =
      name === "" || long(name, kNameMost) ? () => t().problem_name
      : long(affiliation, kAffiliationMost) ? () => t().problem_affiliation
      : contact === "" && (this.ok_.checked || this.member_.input.value === "wants") ? () => w().need_contact
      : null;
    if (this.problem) return null;
    const entry: DeskEntry = { name };
    if (affiliation) entry.affiliation = affiliation;
    if (this.member_.input.value) entry.member = this.member_.input.value as Member;
    if (this.first_.input.value) entry.first_time = this.first_.input.value === "yes";
    if (contact) entry.contact = contact;
    if (this.ok_.checked) entry.contact_ok = true;
    for (const { id, choices, yes_no, own } of this.asked_) {
      const value = choices.input.value;
      if (!value) continue;
      if (own) entry.answers = { ...entry.answers, [id]: yes_no ? value === "yes" : value };
      else entry[id as "gender" | "status"] = value;
    }
    return entry;
  }
}

interface Asked {
  id: string;
  own: boolean;
  label: () => string;
  /** null: yes or no */
  choices: [string, () => string][] | null;
}

/** What this hub asks beside the usual, in the order of its settings. */
function questions(): Asked[] {
  const { ask = [], questions: own = [] } = host.hub?.sign_in ?? {};
  const known = ask
    .filter((id) => w().asked[id])
    .map((id): Asked => ({
      id, own: false, label: () => w().asked[id] ?? id,
      choices: Object.keys(w().answers[id] ?? {}).map((value): [string, () => string] => [value, () => w().answers[id]?.[value] ?? value]),
    }));
  // The words of the hub's own questions come in the language asked: they are looked up at each refresh.
  const now = (id: string): Question | undefined => host.hub?.sign_in.questions.find((one) => one.id === id);
  return [
    ...known,
    ...own.map(({ id, text, choices }): Asked => ({
      id, own: true, label: () => now(id)?.text ?? text,
      choices: choices.length > 0 ? choices.map((value, i): [string, () => string] => [value, () => now(id)?.choices[i] ?? value]) : null,
    })),
  ];
}

/** Adds one or several persons who are not known yet. */
export class AddPeople {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly list_ = h("div", { class: "stack" });
  private rows_: Row[] = [];

  constructor() {
    this.element = h(
      "div",
      { class: "card", role: "region", "aria-labelledby": "add-people-title" },
      h("h3", { id: "add-people-title", tabindex: "-1" }, () => w().add_people),
      h("p", { class: "hint" }, () => w().add_people_hint),
      h(
        "form",
        {
          novalidate: true,
          on: {
            submit: (event) => this.send_(event),
            keydown: (event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.send_(event);
            },
          },
        },
        this.list_,
        problem_line(this.task_),
        h(
          "div",
          { class: "row" },
          h("button", { type: "button", class: "outline", on: { click: () => this.more_().name.input.focus() } }, () => w().one_row_more),
          h("button", { type: "submit", class: "primary", "aria-busy": () => (this.task_.busy ? "true" : null) }, () =>
            this.task_.busy ? w().adding : w().add_persons(this.rows_.filter((row) => !row.empty()).length),
          ),
        ),
      ),
    );
    this.list_.addEventListener("input", () => refresh());
    this.clear();
  }

  /** One empty row, with what the hub asks now. Kept as it is while something stands in it. */
  clear(): void {
    if (this.rows_.some((row) => !row.empty())) return;
    this.rows_ = [];
    this.list_.replaceChildren();
    this.more_();
  }

  /** Begins with a name that was looked for in vain. */
  begin(name: string): void {
    const row = this.rows_.find((one) => one.empty()) ?? this.more_();
    row.name.input.value = name;
    focus_on(this.element);
    row.element.querySelectorAll("input")[1]?.focus({ preventScroll: true });
    refresh();
  }

  private more_(): Row {
    // Its words are asked for while it is being built.
    let made: Row | null = null;
    const row = new Row(
      () => (made ? this.rows_.indexOf(made) : this.rows_.length) + 1,
      () => this.next_(row),
      () => this.remove_(row),
      () => this.rows_.length < 2,
    );
    made = row;
    this.rows_.push(row);
    this.list_.append(row.element);
    refresh();
    return row;
  }

  /** Enter: the next person. */
  private next_(row: Row): void {
    const at = this.rows_.indexOf(row);
    const next = this.rows_[at + 1] ?? (row.empty() ? row : this.more_());
    next.name.input.focus();
  }

  private remove_(row: Row): void {
    const at = this.rows_.indexOf(row);
    this.rows_.splice(at, 1);
    row.element.remove();
    (this.rows_[at] ?? this.rows_[at - 1])?.name.input.focus();
    refresh();
  }

  private send_(event: Event): void {
    event.preventDefault();
    const rows = this.rows_.filter((row) => !row.empty());
    if (rows.length === 0) {
      this.rows_[0]?.name.input.focus();
      return this.task_.fail(() => t().problem_name);
    }
    const entries: DeskEntry[] = [];
    for (const row of rows) {
      const entry = row.read();
      if (entry) entries.push(entry);
    }
    refresh();
    const wrong = rows.find((row) => row.problem);
    if (wrong) return wrong.name.input.focus();
    void this.task_.run(async () => {
      try {
        const { change, added } = await api.add_persons(desk_choice.session, entries, false);
        say(() => w().persons_added(added.length), () => undo(change));
      } catch (error) {
        const row = error instanceof ApiError ? rows[Number(error.details["line"]) - 1] : undefined;
        if (!row || !(error instanceof ApiError)) throw error;
        row.problem = () => error.message;
        return row.name.input.focus();
      }
      // What was typed meanwhile in another row stays.
      for (const row of rows) row.element.remove();
      this.rows_ = this.rows_.filter((row) => !rows.includes(row));
      if (this.rows_.length === 0) this.more_();
      this.rows_[0]?.name.input.focus();
      await reload_desk();
    });
  }
}

