import { Api, ApiError, Member, SignIn } from "./api";
import { explain, reload_me, state } from "./app";
import { focus_on, h, refresh, unique_id } from "./dom";
import { t } from "./i18n";

const kNameMost = 120;
const kAffiliationMost = 160;
const kEmailMost = 254;

type FieldName = "name" | "affiliation" | "email" | "member" | "first_time" | "consent";
type Problem = (() => string) | null;

/** One input or group with its label and the place where what is wrong with it is said. */
interface Field {
  element: HTMLElement;
  /** What gets the focus when the answer is refused. */
  target: HTMLElement;
  problem: Problem;
}

/** The first screen: with a name, or without one, equally easy. Also used to add a person beside. */
export class SignInView {
  readonly element: HTMLElement;
  private readonly heading_: HTMLElement;
  private readonly form_: HTMLFormElement;
  private readonly fields_ = new Map<FieldName, Field>();
  private readonly inputs_: { name: HTMLInputElement; affiliation: HTMLInputElement; email: HTMLInputElement; consent: HTMLInputElement };
  private busy_ = false;
  private form_shown_ = false;
  private adding_ = false;
  private problem_: Problem = null;

  /** @param done  called when somebody was signed in, or when the person went on without */
  constructor(
    private readonly api_: Api,
    private readonly done_: (signed_in: boolean) => void,
  ) {
    this.heading_ = h("h2", { tabindex: "-1" }, () => (this.adding_ ? t().add_title : t().welcome));
    this.inputs_ = {
      name: this.text_("name", "name", () => t().name),
      affiliation: this.text_("affiliation", "organization", () => t().affiliation),
      email: this.text_("email", "email", () => t().email),
      consent: this.consent_(),
    };
    this.inputs_.email.inputMode = "email";
    const form_id = unique_id("form");
    const ask_email = this.field_("email");
    this.form_ = h(
      "form",
      { id: form_id, novalidate: true, hidden: () => !this.form_shown_, on: { submit: (event) => this.submit_(event) } },
      this.field_("name").element,
      this.field_("affiliation").element,
      h("div", { hidden: () => !(state.hub?.sign_in.email ?? false) }, ask_email.element),
      this.choice_("member", () => t().member, [
        ["yes", () => t().member_yes],
        ["no", () => t().member_no],
        ["wants", () => t().member_wants],
      ]),
      this.choice_("first_time", () => t().first_time, [
        ["yes", () => t().yes],
        ["no", () => t().no],
      ]),
      this.field_("consent").element,
      h("button", { type: "submit", class: "primary wide", disabled: () => this.busy_ }, () => (this.busy_ ? t().sending : t().submit)),
    );
    this.element = h(
      "section",
      { class: "card sign-in", hidden: true },
      this.heading_,
      h("p", { class: "lead" }, () => (this.adding_ ? t().add_text : t().welcome_text(state.hub?.name ?? ""))),
      h("p", { class: "question" }, () => t().how),
      h(
        "div",
        { class: "pair" },
        h(
          "button",
          {
            type: "button",
            class: "primary",
            "aria-expanded": () => String(this.form_shown_),
            "aria-controls": form_id,
            on: { click: () => this.show_form_() },
          },
          () => t().with_name,
        ),
        h("button", { type: "button", class: "outline", disabled: () => this.busy_, on: { click: () => void this.send_({ anonymous: true }) } }, () => t().without_name),
      ),
      h("p", { class: "hint", hidden: () => this.form_shown_ }, () => t().without_name_hint),
      this.form_,
      h("p", { class: "problem", role: "alert" }, () => this.problem_?.() ?? ""),
      h("button", { type: "button", class: "quiet wide", on: { click: () => this.leave_(false) } }, () => (this.adding_ ? t().cancel : t().skip)),
    );
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  /** @param adding  for one more person on this device */
  show(adding: boolean): void {
    this.adding_ = adding;
    this.form_shown_ = false;
    this.clear_();
    this.element.hidden = false;
    refresh();
  }

  focus(): void {
    focus_on(this.heading_);
  }

  private clear_(): void {
    this.form_.reset();
    this.problem_ = null;
    for (const field of this.fields_.values()) field.problem = null;
  }

  private leave_(signed_in: boolean): void {
    this.element.hidden = true;
    this.clear_();
    this.done_(signed_in);
  }

  private show_form_(): void {
    this.form_shown_ = true;
    this.form_.hidden = false;
    refresh();
    this.inputs_.name.focus();
  }

  private field_(name: FieldName): Field {
    return this.fields_.get(name) as Field;
  }

  private problem_line_(name: FieldName, id: string): HTMLElement {
    return h("p", { class: "problem", id }, () => this.fields_.get(name)?.problem?.() ?? "");
  }

  private text_(name: FieldName, autocomplete: string, label: () => string): HTMLInputElement {
    const id = unique_id(name);
    const problem_id = `${id}-problem`;
    const optional = name === "email";
    const input = h("input", {
      id,
      name,
      type: name === "email" ? "email" : "text",
      autocomplete,
      dir: "auto",
      "aria-describedby": problem_id,
      "aria-invalid": () => (this.fields_.get(name)?.problem ? "true" : null),
      "aria-required": optional ? null : "true",
      on: { input: () => this.mend_(name) },
    });
    const element = h(
      "div",
      { class: "field" },
      h("label", { for: id }, label, optional ? h("span", { class: "hint" }, () => ` (${t().optional})`) : null),
      input,
      this.problem_line_(name, problem_id),
    );
    this.fields_.set(name, { element, target: input, problem: null });
    return input;
  }

  private choice_(name: FieldName, label: () => string, options: [string, () => string][]): HTMLElement {
    const problem_id = `${unique_id(name)}-problem`;
    const radios = options.map(([value, text]) => {
      const radio = h("input", { type: "radio", name, value, on: { change: () => this.mend_(name) } });
      return { radio, label: h("label", { class: "option" }, radio, h("span", {}, text)) };
    });
    const element = h(
      "fieldset",
      { "aria-describedby": problem_id, "aria-invalid": () => (this.fields_.get(name)?.problem ? "true" : null), role: "radiogroup" },
      h("legend", {}, label),
      h("div", { class: "options" }, ...radios.map((entry) => entry.label)),
      this.problem_line_(name, problem_id),
    );
    this.fields_.set(name, { element, target: radios[0]?.radio ?? element, problem: null });
    return element;
  }

  private consent_(): HTMLInputElement {
    const id = unique_id("consent");
    const problem_id = `${id}-problem`;
    const terms_id = `${id}-terms`;
    const input = h("input", {
      id,
      type: "checkbox",
      name: "consent",
      "aria-describedby": `${terms_id} ${problem_id}`,
      "aria-invalid": () => (this.fields_.get("consent")?.problem ? "true" : null),
      on: { change: () => this.mend_("consent") },
    });
    // The four lines are fixed in number; their words follow the language.
    const say = (line: number, part: 0 | 1) => (state.hub ? (t().consent_terms(state.hub.privacy)[line]?.[part] ?? "") : "");
    const terms = [0, 1, 2, 3].map((line) =>
      h(
        "div",
        {},
        h("dt", {}, () => say(line, 0)),
        h("dd", {}, () => say(line, 1)),
      ),
    );
    const element = h(
      "div",
      { class: "field consent" },
      h("dl", { class: "terms", id: terms_id }, ...terms),
      h("label", { class: "option", for: id }, input, h("span", {}, () => t().consent)),
      this.problem_line_("consent", problem_id),
    );
    this.fields_.set("consent", { element, target: input, problem: null });
    return input;
  }

  private mend_(name: FieldName): void {
    const field = this.field_(name);
    if (!field.problem) return;
    field.problem = null;
    refresh();
  }

  /** The answers; problems stand at their fields when it returns null. */
  private read_(): SignIn | null {
    const name = this.inputs_.name.value.trim();
    const affiliation = this.inputs_.affiliation.value.trim();
    const asked = state.hub?.sign_in.email ?? false;
    const email = asked ? this.inputs_.email.value.trim() : "";
    const answers = new FormData(this.form_);
    const member = answers.get("member");
    const first_time = answers.get("first_time");
    const check = (field: FieldName, ok: boolean, problem: () => string): void => {
      this.field_(field).problem = ok ? null : problem;
    };
    // No maxlength at the inputs: it would cut a pasted name without a word. The hub counts characters, not
    // UTF-16 units.
    check("name", name !== "" && [...name].length <= kNameMost, () => t().problem_name);
    check("affiliation", [...affiliation].length <= kAffiliationMost, () => t().problem_affiliation);
    check("email", email === "" || (/^[^\s@]+@[^\s@]+$/.test(email) && email.length <= kEmailMost), () => t().problem_email);
    check("member", member !== null, () => t().problem_choice);
    check("first_time", first_time !== null, () => t().problem_choice);
    check("consent", this.inputs_.consent.checked, () => t().problem_consent);
    for (const field of this.fields_.values()) if (field.problem) return null;
    const body: SignIn = { name, affiliation, member: member as Member, first_time: first_time === "yes", consent: true };
    if (email) body.email = email;
    return body;
  }

  private submit_(event: Event): void {
    event.preventDefault();
    const body = this.read_();
    if (body) void this.send_(body);
    else this.point_();
  }

  /** Shows the problems and puts the focus on the first of them, in the order of the page. */
  private point_(): void {
    refresh();
    const wrong = [...this.fields_.values()]
      .filter((field) => field.problem)
      .sort((a, b) => (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    wrong[0]?.target.focus();
  }

  private async send_(body: SignIn | { anonymous: true }): Promise<void> {
    if (this.busy_) return;
    this.busy_ = true;
    this.problem_ = null;
    refresh();
    try {
      await this.api_.sign_in(body);
      await reload_me(this.api_);
      this.leave_(true);
    } catch (error) {
      const sentence = explain(error);
      const field = error instanceof ApiError && error.field ? this.fields_.get(error.field as FieldName) : undefined;
      if (field && this.form_shown_) {
        field.problem = () => sentence;
        this.point_();
      } else {
        this.problem_ = () => sentence;
      }
    } finally {
      this.busy_ = false;
      refresh();
    }
  }
}
