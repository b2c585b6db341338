import { ApiError } from "../api";
import { explain } from "../app";
import { Dialog, Live, Props, h, refresh, unique_id } from "../dom";
import { t } from "../i18n";
import { judge } from "./host";
import { w } from "./words";

/** One action of the host: busy while it runs, and the sentence when it failed. Nothing else may begin meanwhile. */
export class Task {
  busy = false;
  private problem_: (() => string) | null = null;

  /** @returns whether @p work was done */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem_ = null;
    refresh();
    try {
      await work();
      return true;
    } catch (error) {
      if (!judge(error)) throw error;
      this.problem_ = () => failure(error);
      return false;
    } finally {
      this.busy = false;
      refresh();
    }
  }

  fail(problem: (() => string) | null): void {
    this.problem_ = problem;
    refresh();
  }

  problem(): string {
    return this.problem_?.() ?? "";
  }
}

/** The hub's own sentence, or what is known without it. */
export function failure(error: unknown): string {
  return error instanceof ApiError && error.status === 401 && !error.message ? w().logged_out : explain(error);
}

export function problem_line(task: Task): HTMLElement {
  return h("p", { class: "problem", role: "alert", dir: "auto" }, () => task.problem());
}

/** A button that runs @p act in @p task. It keeps the focus while busy, which `disabled` would take away. */
export function action(label: () => string, task: Task, act: () => Promise<unknown>, props: Props = {}, ...before: Node[]): HTMLButtonElement {
  const press = async (): Promise<void> => {
    if (await task.run(act)) setTimeout(() => keep_focus(button), kSettledMs);
  };
  const button: HTMLButtonElement = h(
    "button",
    { type: "button", class: "outline", "aria-busy": () => (task.busy ? "true" : null), on: { click: () => void press() }, ...props },
    ...before,
    label,
  );
  return button;
}

/** Long enough for what an action changes to be seen in the document. */
const kSettledMs = 50;

/** A button that its own success has hidden leaves the focus to the heading above it. */
function keep_focus(button: HTMLElement): void {
  const at = document.activeElement;
  if (button.offsetParent !== null || (at !== button && at !== document.body)) return;
  quiet_focus(button.closest("li, .card, section")?.querySelector<HTMLElement>("h2, h3") ?? null);
}

/** What was done, said politely and shown at the foot of the page; an undo beside it where there is one. */
class Said {
  private words_: (() => string) | null = null;
  private undo_: (() => Promise<unknown>) | null = null;
  private readonly task_ = new Task();
  private timer_ = 0;
  readonly element = h(
    "div",
    { class: "said", hidden: () => this.words_ === null },
    h("p", { dir: "auto", "aria-hidden": "true" }, () => this.task_.problem() || (this.words_?.() ?? "")),
    action(() => w().undo, this.task_, async () => {
      await this.undo_?.();
      this.say(() => w().undone, null);
    }, { class: "quiet", hidden: () => this.undo_ === null }),
    h("button", { type: "button", class: "quiet square", "aria-label": () => t().close, on: { click: () => this.hush_() } }, "×"),
  );
  /** Never hidden: a region that appears together with its words is not read out. */
  readonly region = h("p", { class: "read-out", role: "status" }, () => this.task_.problem() || (this.words_?.() ?? ""));

  say(words: () => string, undo: (() => Promise<unknown>) | null): void {
    this.words_ = words;
    this.undo_ = undo;
    this.task_.fail(null);
    clearTimeout(this.timer_);
    this.timer_ = window.setTimeout(() => this.hush_(), undo ? kUndoMs : kSaidMs);
    refresh();
  }

  private hush_(): void {
    // Whoever stands on it with the keyboard is not thrown out.
    if (this.element.contains(document.activeElement) && this.undo_) {
      this.timer_ = window.setTimeout(() => this.hush_(), kSaidMs);
      if (this.element.querySelector(":focus-visible.square") === null) return;
    }
    clearTimeout(this.timer_);
    this.words_ = null;
    this.undo_ = null;
    refresh();
  }
}

const kSaidMs = 6_000;
const kUndoMs = 20_000;

export const said = new Said();

export function say(words: () => string, undo: (() => Promise<unknown>) | null = null): void {
  said.say(words, undo);
}

/** Asks before what cannot be taken back. */
class Confirm {
  private title_: () => string = () => "";
  private text_: () => string = () => "";
  private yes_: () => string = () => "";
  private answer_: ((yes: boolean) => void) | null = null;
  private readonly dialog_ = new Dialog(
    () => this.title_(),
    () => t().close,
    h(
      "div",
      { class: "confirm" },
      h("p", { dir: "auto" }, () => this.text_()),
      h(
        "div",
        { class: "pair" },
        h("button", { type: "button", class: "outline", on: { click: () => this.dialog_.close() } }, () => t().cancel),
        h("button", { type: "button", class: "danger", on: { click: () => this.settle_(true) } }, () => this.yes_()),
      ),
    ),
  );

  constructor() {
    this.dialog_.element.addEventListener("close", () => this.settle_(false));
  }

  ask(title: () => string, text: () => string, yes: () => string): Promise<boolean> {
    this.answer_?.(false);
    [this.title_, this.text_, this.yes_] = [title, text, yes];
    refresh();
    this.dialog_.open();
    return new Promise((resolve) => (this.answer_ = resolve));
  }

  private settle_(yes: boolean): void {
    const answer = this.answer_;
    this.answer_ = null;
    this.dialog_.close();
    answer?.(yes);
  }
}

let confirmation: Confirm | null = null;

/** @returns whether the host said yes */
export function sure(title: () => string, text: () => string, yes: () => string): Promise<boolean> {
  confirmation = confirmation ?? new Confirm();
  return confirmation.ask(title, text, yes);
}

/** Elements that follow a list of things: those that stay are kept, and with them the focus. */
export class Rows<T> {
  private rows_ = new Map<string, { item: T; element: HTMLElement }>();

  /** @param make  gets a function that returns the thing as it is now */
  constructor(
    readonly element: HTMLElement,
    private readonly key_: (item: T) => string,
    private readonly make_: (now: () => T) => HTMLElement,
  ) {}

  update(items: readonly T[]): void {
    const rows = new Map<string, { item: T; element: HTMLElement }>();
    for (const item of items) {
      const key = this.key_(item);
      let row = this.rows_.get(key);
      if (row) {
        row.item = item;
      } else {
        const made: { item: T; element: HTMLElement | null } = { item, element: null };
        made.element = this.make_(() => made.item);
        row = made as { item: T; element: HTMLElement };
      }
      rows.set(key, row);
    }
    let orphaned = false;
    for (const [key, row] of this.rows_) {
      if (rows.has(key)) continue;
      orphaned = orphaned || row.element.contains(document.activeElement);
      row.element.remove();
    }
    let place: Element | null = this.element.firstElementChild;
    for (const row of rows.values()) {
      if (place === row.element) place = row.element.nextElementSibling;
      else this.element.insertBefore(row.element, place);
    }
    this.rows_ = rows;
    const around = rows.size > 0 ? this.element.closest("[role=region], section") : this.element.closest("section");
    if (orphaned) quiet_focus(around?.querySelector<HTMLElement>("h2, h3") ?? null);
  }
}

/** Where reading goes on when what had the focus is gone; nothing scrolls. */
export function quiet_focus(element: HTMLElement | null): void {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
}

export interface Field<E extends HTMLElement> {
  element: HTMLElement;
  input: E;
}

/** A labelled input. @param hint  a line below it, read out with it */
export function field(label: () => string, props: Props = {}, hint: (() => string) | null = null): Field<HTMLInputElement> {
  const id = unique_id("field");
  const input = h("input", { id, type: "text", autocomplete: "off", "aria-describedby": hint ? `${id}-hint` : null, ...props });
  return {
    input,
    element: h(
      "div",
      { class: "field" },
      h("label", { for: id }, label),
      input,
      hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
    ),
  };
}

/** A labelled choice. @param options  value and words */
export function choice(label: () => string, options: readonly [string, () => string][], props: Props = {}): Field<HTMLSelectElement> {
  const id = unique_id("field");
  const input = h("select", { id, ...props }, ...options.map(([value, words]) => option(value, words)));
  return { input, element: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

export function option(value: string, words: Live<string>): HTMLOptionElement {
  return h("option", { value }, words);
}

/** Changes the options of @p select only where they differ, so that an open list stays open. */
export function set_options(select: HTMLSelectElement, options: readonly [string, string][]): void {
  const before = select.value;
  const same = select.options.length === options.length && options.every(([value], i) => select.options[i]?.value === value);
  if (same) {
    options.forEach(([, words], i) => {
      const one = select.options[i];
      if (one && one.text !== words) one.text = words;
    });
    return;
  }
  select.replaceChildren(...options.map(([value, words]) => option(value, words)));
  if (options.some(([value]) => value === before)) select.value = before;
}
