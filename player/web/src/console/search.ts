import { h, refresh } from "../dom";
import { reload_desk, undo } from "./desk_changes";
import { api, desk_choice, feeds } from "./host";
import type { DeskPerson } from "./host_api";
import { name_now, names_shown } from "./names";
import { action, field, problem_line, Rows, say, Task } from "./ui";
import { w } from "./words";

const kPauseMs = 250;
const kShown = 20;

/** Looks for somebody before adding: known from a phone, from yesterday, or from another table. */
export class Search {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly query_ = field(() => w().search_label, { type: "search", name: "search", class: "private", enterkeyhint: "search", spellcheck: "false" }, () => w().search_hint);
  private readonly rows_ = new Rows<DeskPerson>(h("ul", { class: "people results" }), (person) => person.ref, (now) => this.row_(now));
  private found_: DeskPerson[] | null = null;
  private asked_ = "";
  private timer_ = 0;

  /** @param add  begins a new person with this name */
  constructor(add: (name: string) => void, show_names_button: () => HTMLElement) {
    const input = this.query_.input;
    input.addEventListener("input", () => {
      clearTimeout(this.timer_);
      this.timer_ = window.setTimeout(() => void this.look_(), kPauseMs);
    });
    const text = (): string => input.value.trim();
    this.element = h(
      "div",
      { class: "card", role: "search", "aria-labelledby": "search-title" },
      h("h3", { id: "search-title" }, () => w().search_title),
      h(
        "form",
        { novalidate: true, on: { submit: (event) => { event.preventDefault(); void this.look_(); } } },
        this.query_.element,
      ),
      h("div", { class: "names-note", hidden: () => names_shown() || this.found_ === null || this.found_.length === 0 }, h("p", { class: "hint" }, () => w().search_hidden), show_names_button()),
      h("p", { class: "hint", role: "status" }, () => (this.found_ === null ? "" : w().found(this.found_.length))),
      this.rows_.element,
      problem_line(this.task_),
      h(
        "button",
        {
          type: "button",
          class: "outline",
          hidden: () => this.found_ === null,
          on: {
            click: () => {
              const name = text();
              this.clear_();
              add(name);
            },
          },
        },
        () => (names_shown() ? w().add_new(this.asked_) : w().add_new_hidden),
      ),
    );
    // Who came or left since: the answer on the screen follows.
    feeds.desk.on_change(() => {
      if (this.found_ !== null) void this.look_();
    });
  }

  private clear_(): void {
    this.query_.input.value = "";
    void this.look_();
  }

  private async look_(): Promise<void> {
    clearTimeout(this.timer_);
    const query = this.query_.input.value.trim();
    if (query === "") {
      this.found_ = null;
      this.rows_.update([]);
      this.task_.fail(null);
      return;
    }
    if (this.task_.busy) {
      this.timer_ = window.setTimeout(() => void this.look_(), kPauseMs);
      return;
    }
    await this.task_.run(async () => {
      const { persons } = await api.desk(desk_choice.session, query);
      if (this.query_.input.value.trim() !== query) return;
      this.asked_ = query;
      this.found_ = persons;
      this.rows_.update(persons.slice(0, kShown));
    });
  }

  private words_(person: DeskPerson): string {
    return name_now(person.name, person.anonymous, (this.found_?.indexOf(person) ?? 0) + 1);
  }

  private row_(now: () => DeskPerson): HTMLElement {
    const task = new Task();
    const add = async (): Promise<void> => {
      const person = now();
      const { change } = await api.add_persons(desk_choice.session, [{ ref: person.ref }], false);
      say(() => w().is_here_now(this.words_(person)), () => undo(change));
      this.query_.input.value = "";
      this.query_.input.focus();
      await this.look_();
      await reload_desk();
      refresh();
    };
    const leave = async (): Promise<void> => {
      const person = now();
      const { change } = await api.left(desk_choice.session, person.ref);
      say(() => w().has_left(this.words_(person)), () => undo(change));
      await reload_desk();
    };
    return h(
      "li",
      { "data-found": now().ref },
      h(
        "div",
        { class: "who" },
        h("strong", { dir: "auto" }, () => this.words_(now())),
        h("span", { class: "hint", dir: "auto", hidden: () => !names_shown() || !now().affiliation }, () => now().affiliation),
        h("span", { class: "badge live", hidden: () => !now().here }, () => w().already_here),
        problem_line(task),
      ),
      action(() => w().mark_left, task, leave, { class: "outline small", hidden: () => !now().here, "aria-label": () => w().mark_left_of(this.words_(now())) }),
      action(() => w().mark_here, task, add, { class: "primary small", hidden: () => now().here, "aria-label": () => w().mark_here_of(this.words_(now())) }),
    );
  }
}
