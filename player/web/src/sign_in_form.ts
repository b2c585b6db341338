import { Member, Question, SignIn } from "./api";
import { state } from "./app";
import { h, refresh, unique_id } from "./dom";
import { Fields } from "./fields";
import { t } from "./i18n";

const kNameMost = 120;
const kAffiliationMost = 160;
const kContactMost = 254;

/** An e-mail address, or a telephone number of 6 to 17 digits, as the hub takes it. */
function is_contact(text: string): boolean {
  if (text.length > kContactMost) return false;
  const digits = text.replace(/\D/g, "").length;
  return /^[^\s@]+@[^\s@]+$/.test(text) || (/^\+?[\d .\/()-]+$/.test(text) && digits >= 6 && digits <= 17);
}

/** @property autocomplete  let the browser offer what was typed before
 *  @property erase  how to have the answers erased, where the page has no "my data" */
export interface Place {
  autocomplete: boolean;
  erase?: () => string;
}

/** The questions that go with a name: on a phone, and on the tablet at the door. */
export class SignInForm {
  readonly element: HTMLFormElement;
  private readonly fields_ = new Fields();
  private readonly name_: HTMLInputElement;
  private readonly affiliation_: HTMLInputElement;
  private readonly contact_: HTMLInputElement;
  private readonly consent_: HTMLInputElement;
  private readonly contact_ok_: HTMLInputElement;
  private readonly more_: HTMLElement;
  private asked_ = "";
  private built_ = false;

  /** @param submit  called with answers that are complete
   *  @param foot  what stands at the end, with the button that submits */
  constructor(
    private readonly place_: Place,
    private readonly submit_: (body: SignIn) => void,
    hidden: () => boolean,
    ...foot: HTMLElement[]
  ) {
    const fields = this.fields_;
    const autocomplete = place_.autocomplete;
    const offer = (what: string): string => (autocomplete ? what : "off");
    const name = fields.text("name", { autocomplete: offer("name"), label: () => t().name });
    const affiliation = fields.text("affiliation", { autocomplete: offer("organization"), label: () => t().affiliation });
    const contact_ok = fields.tick("contact_ok", () => t().contact_ok);
    const contact = fields.text("contact", {
      autocomplete: offer("email"),
      label: () => t().contact,
      hint: () => t().contact_purpose(state.hub?.privacy.controller ?? ""),
      type: "email",
      asked: () => this.wants_contact_(),
    });
    const consent = fields.tick("consent", () => t().consent, this.terms_());
    [this.name_, this.affiliation_, this.contact_, this.contact_ok_, this.consent_] = [name.input, affiliation.input, contact.input, contact_ok.input, consent.input];
    this.more_ = h("div", { class: "more-questions" });
    this.element = h(
      "form",
      { id: unique_id("form"), novalidate: true, autocomplete: autocomplete ? null : "off", hidden, on: { submit: (event) => this.on_submit_(event) } },
      name.element,
      affiliation.element,
      fields.choice("member", () => t().member, [
        ["yes", () => t().member_yes],
        ["no", () => t().member_no],
        ["wants", () => t().member_wants],
      ]),
      fields.choice("first_time", () => t().first_time, [
        ["yes", () => t().yes],
        ["no", () => t().no],
      ]),
      this.more_,
      contact_ok.element,
      contact.element,
      consent.element,
      ...foot,
    );
    this.built_ = true;
  }

  get id(): string {
    return this.element.id;
  }

  focus(): void {
    this.name_.focus();
  }

  /** Empty, with the questions that the hub asks now. */
  clear(): void {
    this.draw_questions_();
    this.element.reset();
    this.fields_.clear();
  }

  /** @returns whether there is such a field to say it at */
  refuse(name: string, problem: () => string): boolean {
    if (!this.fields_.has(name) || this.element.hidden) return false;
    this.fields_.refuse(name, problem);
    this.fields_.point();
    return true;
  }

  private wants_contact_(): boolean {
    return this.built_ && (this.contact_ok_.checked || new FormData(this.element).get("member") === "wants");
  }

  /** The optional questions; drawn again only if others are asked, so that a new language keeps the answers. */
  private draw_questions_(): void {
    const { ask = [], questions = [] } = state.hub?.sign_in ?? {};
    const asked = JSON.stringify([ask, questions.map(({ id, choices }) => [id, choices.length])]);
    if (asked === this.asked_) return;
    this.asked_ = asked;
    while (this.more_.firstChild) this.more_.firstChild.remove();
    if (ask.includes("gender")) {
      this.more_.append(this.fields_.choice("gender", () => t().gender, [["woman", () => t().woman], ["man", () => t().man], ["other", () => t().gender_other]], () => t().optional));
    }
    if (ask.includes("status")) {
      this.more_.append(this.fields_.choice("status", () => t().status, [["student", () => t().student], ["professional", () => t().professional], ["other", () => t().status_other]], () => t().optional));
    }
    questions.forEach((question, at) => {
      // Its words are asked for again when the language changes.
      const now = (): Question => state.hub?.sign_in.questions[at] ?? question;
      const options: [string, () => string][] =
        question.choices.length > 0
          ? question.choices.map((choice, nth) => [String(nth), () => now().choices[nth] ?? choice])
          : [["yes", () => t().yes], ["no", () => t().no]];
      this.more_.append(this.fields_.choice(`answer-${question.id}`, () => now().text, options, () => t().optional));
    });
  }

  private terms_(): HTMLElement {
    // The four lines are fixed in number; their words follow the language.
    const kLast = 3;
    const say = (line: number, part: 0 | 1): string => {
      if (line === kLast && part === 1 && this.place_.erase) return this.place_.erase();
      return state.hub ? (t().consent_terms(state.hub.privacy)[line]?.[part] ?? "") : "";
    };
    const terms = [0, 1, 2, 3].map((line) => h("div", {}, h("dt", {}, () => say(line, 0)), h("dd", {}, () => say(line, 1))));
    return h("dl", { class: "terms", id: unique_id("terms") }, ...terms);
  }

  private on_submit_(event: Event): void {
    event.preventDefault();
    const body = this.read_();
    if (body) this.submit_(body);
    else this.fields_.point();
  }

  /** The answers; problems stand at their fields when it returns null. */
  private read_(): SignIn | null {
    const name = this.name_.value.trim();
    const affiliation = this.affiliation_.value.trim();
    const contact = this.contact_.value.trim();
    const given = new FormData(this.element);
    const member = given.get("member");
    const first_time = given.get("first_time");
    const fields = this.fields_;
    // No maxlength at the inputs: it would cut a pasted name without a word. The hub counts characters, not
    // UTF-16 units.
    fields.check("name", name !== "" && [...name].length <= kNameMost, () => t().problem_name);
    fields.check("affiliation", [...affiliation].length <= kAffiliationMost, () => t().problem_affiliation);
    fields.check("member", member !== null, () => t().problem_choice);
    fields.check("first_time", first_time !== null, () => t().problem_choice);
    fields.check("contact", is_contact(contact), () => t().problem_contact);
    fields.check("consent", this.consent_.checked, () => t().problem_consent);
    refresh();
    if (!fields.fine) return null;
    const body: SignIn = { name, affiliation, member: member as Member, first_time: first_time === "yes", consent: true };
    if (this.contact_ok_.checked) body.contact_ok = true;
    if (this.wants_contact_()) body.contact = contact;
    for (const key of ["gender", "status"] as const) {
      const answer = given.get(key);
      if (typeof answer === "string") body[key] = answer;
    }
    const answers: Record<string, string | boolean> = {};
    for (const { id, choices } of state.hub?.sign_in.questions ?? []) {
      const answer = given.get(`answer-${id}`);
      if (typeof answer !== "string") continue;
      answers[id] = choices.length > 0 ? (choices[Number(answer)] ?? "") : answer === "yes";
    }
    if (Object.keys(answers).length > 0) body.answers = answers;
    return body;
  }
}
