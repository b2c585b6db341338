import { h, refresh } from "../dom";
import { AddPeople } from "./add_people";
import { HeadCount } from "./head_count";
import { reload_desk, undo } from "./desk_changes";
import { api, desk_choice, feeds, host, on_sessions } from "./host";
import type { Change, DeskPerson } from "./host_api";
import { name_now, names_shown } from "./names";
import { PaperSheet } from "./paper_view";
import { Search } from "./search";
import { session_option } from "./sessions";
import { clock, number } from "./time";
import { action, choice, problem_line, Rows, say, set_options, Task } from "./ui";
import { w } from "./words";

const kChangesShown = 8;

/** "Awa Traoré" or "A. T.", as names are shown now. */
export function person_words(person: DeskPerson): string {
  const place = (feeds.desk.value?.persons.findIndex((one) => one.ref === person.ref) ?? -1) + 1;
  return name_now(person.name, person.anonymous, place);
}

/** The desk at the door: who is here, whom to add, how many heads there are. */
export class DeskView {
  readonly element: HTMLElement;
  private readonly session_ = choice(() => w().desk_session, [], { name: "desk-session" });

  constructor(show_names_button: () => HTMLElement) {
    const adding = new AddPeople();
    const search = new Search((name) => adding.begin(name), show_names_button);
    const here = new Rows<DeskPerson>(h("ul", { class: "people" }), (person) => person.ref, (now) => person_row(now));
    const gone = new Rows<DeskPerson>(h("ul", { class: "people" }), (person) => person.ref, (now) => person_row(now));
    const changes = new Rows<Change>(h("ul", { class: "changes" }), (change) => change.change, (now) => change_row(now));
    const count = (is_here: boolean): number => feeds.desk.value?.persons.filter((person) => person.here === is_here).length ?? 0;
    this.session_.input.addEventListener("change", () => {
      desk_choice.session = this.session_.input.value || null;
      void feeds.desk.load();
    });
    this.element = h(
      "section",
      { "aria-labelledby": "desk-title" },
      h("h2", { id: "desk-title", tabindex: "-1" }, () => w().desk),
      h(
        "div",
        { class: "two" },
        h(
          "div",
          { class: "stack" },
          h("div", { class: "card stack" }, this.session_.element, new HeadCount().element),
          search.element,
          adding.element,
          new PaperSheet().element,
        ),
        h(
          "div",
          { class: "stack" },
          h(
            "div",
            { class: "card", role: "region", "aria-labelledby": "here-title" },
            h("h3", { id: "here-title", tabindex: "-1" }, () => w().who_is_here(number(count(true)))),
            h("p", { class: "hint", hidden: () => names_shown() }, () => w().names_are_hidden),
            h("p", { class: "hint", hidden: () => count(true) > 0 }, () => w().nobody_here),
            here.element,
            h(
              "details",
              { hidden: () => count(false) === 0 },
              h("summary", {}, () => w().who_left(number(count(false)))),
              gone.element,
            ),
          ),
          h(
            "div",
            { class: "card", role: "region", "aria-labelledby": "changes-title", hidden: () => !feeds.desk.value?.changes.length },
            h("h3", { id: "changes-title" }, () => w().last_changes),
            changes.element,
          ),
        ),
      ),
    );
    feeds.desk.on_change((desk) => {
      here.update(desk.persons.filter((person) => person.here));
      gone.update(desk.persons.filter((person) => !person.here));
      changes.update(desk.changes.slice(0, kChangesShown));
    });
    on_sessions(() => this.offer_sessions());
  }

  /** Also after a change of language. */
  offer_sessions(): void {
    const now: [string, string] = ["", w().session_of_now(host.session?.title ?? "")];
    set_options(this.session_.input, [now, ...host.sessions.map(session_option)]);
  }
}

function person_row(now: () => DeskPerson): HTMLElement {
  const task = new Task();
  const leave = async (): Promise<void> => {
    const person = now();
    const { change } = await api.left(desk_choice.session, person.ref);
    say(() => w().has_left(person_words(person)), () => undo(change));
    await reload_desk();
  };
  const back = async (): Promise<void> => {
    const person = now();
    const { change } = await api.add_persons(desk_choice.session, [{ ref: person.ref }], false);
    say(() => w().is_here_now(person_words(person)), () => undo(change));
    await reload_desk();
  };
  const times = (): string => {
    const { in: came, out, via } = now();
    const how = via ? (w().via[via] ?? via) : "";
    return [out ? w().from_to(clock(came), clock(out)) : came ? w().since(clock(came)) : "", how].filter(Boolean).join(" · ");
  };
  return h(
    "li",
    { "data-person": now().ref },
    h(
      "div",
      { class: "who" },
      h("strong", { dir: "auto" }, () => person_words(now())),
      h("span", { class: "hint", dir: "auto", hidden: () => !names_shown() || !now().affiliation }, () => now().affiliation),
      h("span", { class: "hint" }, times),
      problem_line(task),
    ),
    action(() => w().mark_left, task, leave, { class: "outline small", hidden: () => !now().here, "aria-label": () => w().mark_left_of(person_words(now())) }),
    action(() => w().mark_here, task, back, { class: "outline small", hidden: () => now().here, "aria-label": () => w().mark_here_of(person_words(now())) }),
  );
}

function change_row(now: () => Change): HTMLElement {
  const task = new Task();
  const who = (): string => name_now(now().name, now().name === "", 1);
  const words = (): string => (now().what === "left" ? w().change_left(who()) : w().change_add(who()));
  const take_back = async (): Promise<void> => {
    await undo(now().change);
    say(() => w().undone);
    refresh();
  };
  return h(
    "li",
    { "data-change": now().change },
    h("div", { class: "who" }, h("span", { dir: "auto" }, words), h("span", { class: "hint" }, () => clock(now().at)), problem_line(task)),
    action(() => w().undo, task, take_back, { class: "outline small", "aria-label": () => w().undo_of(words()) }),
  );
}
