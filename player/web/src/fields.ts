import { h, refresh, unique_id } from "./dom";

export type Problem = (() => string) | null;

/** One input or group with its label and the place where what is wrong with it is said. */
interface Field {
  element: HTMLElement;
  /** What gets the focus when the answer is refused. */
  target: HTMLElement;
  problem: Problem;
  /** Asked now; what is hidden has no problem and no answer. */
  asked: () => boolean;
}

interface TextOptions {
  autocomplete: string;
  label: () => string;
  hint?: () => string;
  type?: "text" | "email";
  asked?: () => boolean;
}

/** The fields of a form, each with its problem beside it. */
export class Fields {
  private readonly fields_ = new Map<string, Field>();

  has(name: string): boolean {
    return this.fields_.has(name);
  }

  /** Takes what is wrong with all fields away. */
  clear(): void {
    for (const field of this.fields_.values()) field.problem = null;
  }

  forget(name: string): void {
    this.fields_.delete(name);
  }

  /** @param ok  the answer will do; where the field is not asked, it always does */
  check(name: string, ok: boolean, problem: () => string): void {
    const field = this.fields_.get(name);
    if (field) field.problem = ok || !field.asked() ? null : problem;
  }

  refuse(name: string, problem: () => string): void {
    const field = this.fields_.get(name);
    if (field) field.problem = problem;
  }

  get fine(): boolean {
    return this.wrong_().length === 0;
  }

  /** Shows the problems and puts the focus on the first of them, in the order of the page. */
  point(): void {
    refresh();
    const wrong = this.wrong_().sort((a, b) => (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    wrong[0]?.target.focus();
  }

  text(name: string, { autocomplete, label, hint, type = "text", asked = () => true }: TextOptions): { element: HTMLElement; input: HTMLInputElement } {
    const id = unique_id(name);
    const hint_id = `${id}-hint`;
    const input = h("input", {
      id,
      name,
      type: "text",
      autocomplete,
      dir: "auto",
      "aria-describedby": hint ? `${hint_id} ${id}-problem` : `${id}-problem`,
      "aria-invalid": () => this.invalid_(name),
      "aria-required": "true",
      on: { input: () => this.mend_(name) },
    });
    if (type === "email") input.inputMode = "email";
    const element = h(
      "div",
      { class: "field", hidden: () => !asked() },
      h("label", { for: id }, label),
      hint ? h("p", { class: "hint above", id: hint_id }, hint) : null,
      input,
      this.problem_line_(name, `${id}-problem`),
    );
    this.fields_.set(name, { element, target: input, problem: null, asked });
    return { element, input };
  }

  /** @param optional  beside the question, where nobody has to answer */
  choice(name: string, label: () => string, options: [string, () => string][], optional?: () => string): HTMLElement {
    const problem_id = `${unique_id(name)}-problem`;
    const radios = options.map(([value, text]) => {
      const radio = h("input", { type: "radio", name, value, on: { change: () => this.mend_(name) } });
      return { radio, label: h("label", { class: "option" }, radio, h("span", { dir: "auto" }, text)) };
    });
    const element = h(
      "fieldset",
      { "aria-describedby": problem_id, "aria-invalid": () => this.invalid_(name), role: "radiogroup" },
      h("legend", { dir: "auto" }, label, optional ? h("span", { class: "hint" }, () => ` (${optional()})`) : null),
      h("div", { class: "options" }, ...radios.map((entry) => entry.label)),
      this.problem_line_(name, problem_id),
    );
    this.fields_.set(name, { element, target: radios[0]?.radio ?? element, problem: null, asked: () => true });
    return element;
  }

  /** A box to tick. @param above  what is read before it, by id described by it */
  tick(name: string, label: () => string, above: HTMLElement | null = null): { element: HTMLElement; input: HTMLInputElement } {
    const id = unique_id(name);
    const described = above ? `${above.id} ${id}-problem` : `${id}-problem`;
    const input = h("input", { id, type: "checkbox", name, "aria-describedby": described, "aria-invalid": () => this.invalid_(name), on: { change: () => this.mend_(name) } });
    const element = h("div", { class: `field ${name}` }, above, h("label", { class: "option", for: id }, input, h("span", {}, label)), this.problem_line_(name, `${id}-problem`));
    this.fields_.set(name, { element, target: input, problem: null, asked: () => true });
    return { element, input };
  }

  private wrong_(): Field[] {
    return [...this.fields_.values()].filter((field) => field.problem);
  }

  private invalid_(name: string): "true" | null {
    return this.fields_.get(name)?.problem ? "true" : null;
  }

  private problem_line_(name: string, id: string): HTMLElement {
    return h("p", { class: "problem", id }, () => this.fields_.get(name)?.problem?.() ?? "");
  }

  private mend_(name: string): void {
    const field = this.fields_.get(name);
    if (field) field.problem = null;
    // Not only for the problem: an answer may ask for another one.
    refresh();
  }
}
