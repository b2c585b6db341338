import { Api, ApiError, Attendance, Person } from "./api";
import { explain, reload_me, state } from "./app";
import { Dialog, h, refresh } from "./dom";
import { local_time, t } from "./i18n";

/** Everything that the hub holds about this device, and the button that erases it. */
export class MeDialog {
  private readonly dialog_: Dialog;
  private readonly list_: HTMLElement;
  private confirming_ = false;
  private busy_ = false;
  private erased_ = false;
  private problem_: (() => string) | null = null;
  private shown_ = "";

  /** @param erased  called after the hub erased everything */
  constructor(
    private readonly api_: Api,
    private readonly erased_done_: () => void,
  ) {
    const holds = (): boolean => state.me.persons.length > 0;
    this.list_ = h("div", { class: "persons" });
    const sure = h("button", { type: "button", class: "danger", disabled: () => this.busy_, on: { click: () => void this.erase_() } }, () => t().erase_yes);
    const erase = h("button", { type: "button", class: "danger-outline wide", hidden: () => !holds() || this.confirming_, on: { click: () => this.confirm_(true, sure) } }, () => t().erase);
    this.dialog_ = new Dialog(
      () => t().my_data,
      () => t().close,
      h("p", { role: "status" }, () => this.words_()),
      this.list_,
      erase,
      h(
        "div",
        { class: "confirm", hidden: () => !this.confirming_ },
        h("p", {}, () => t().erase_sure),
        h("div", { class: "pair" }, sure, h("button", { type: "button", class: "outline", on: { click: () => this.confirm_(false, erase) } }, () => t().cancel)),
      ),
      h("p", { class: "problem", role: "alert" }, () => this.problem_?.() ?? ""),
    );
    this.dialog_.element.classList.add("me");
  }

  async open(): Promise<void> {
    this.confirming_ = false;
    this.erased_ = false;
    this.problem_ = null;
    this.draw();
    refresh();
    this.dialog_.open();
    await reload_me(this.api_);
    this.draw();
    refresh();
  }

  /** Draws the persons again if they, or the language, changed. */
  draw(): void {
    const now = t().code + JSON.stringify(state.me.persons);
    if (now === this.shown_) return;
    this.shown_ = now;
    while (this.list_.firstChild) this.list_.firstChild.remove();
    for (const person of state.me.persons) this.list_.append(this.person_(person));
  }

  private words_(): string {
    if (this.erased_) return t().erased;
    return state.me.persons.length > 0 ? t().my_data_text : t().my_data_none;
  }

  private person_(person: Person): HTMLElement {
    const rows: [string, string[]][] = [];
    const add = (label: string, value: string | null | undefined): void => {
      if (value) rows.push([label, [value]]);
    };
    const zone = state.hub?.time_zone ?? "UTC";
    const yes_no = { yes: t().member_yes, no: t().member_no, wants: t().member_wants };
    add(t().affiliation, person.affiliation);
    add(t().email, person.email);
    add(t().contact, person.contact);
    add(t().member, person.member ? yes_no[person.member] : null);
    if (typeof person.first_time === "boolean") add(t().first_time, person.first_time ? t().yes : t().no);
    add(t().gender, person.gender ? ({ woman: t().woman, man: t().man, other: t().gender_other }[person.gender] ?? person.gender) : null);
    add(t().status, person.status ? ({ student: t().student, professional: t().professional, other: t().status_other }[person.status] ?? person.status) : null);
    for (const [id, answer] of Object.entries(person.answers ?? {})) {
      const words = answer === true || answer === "yes" ? t().yes : answer === false || answer === "no" ? t().no : answer;
      add(state.hub?.sign_in.questions.find((question) => question.id === id)?.text ?? id, words);
    }
    if (person.consent) add(t().field_consent, t().consent_given(local_time(person.consent.at, zone, "both"), person.consent.version));
    const attendance = person.attendance ?? [];
    if (attendance.length > 0) rows.push([t().field_attendance, attendance.map((entry) => this.attendance_(entry, zone))]);
    return h(
      "article",
      { class: "person" },
      h("h3", { dir: "auto" }, person.anonymous || !person.name ? t().my_data_anonymous : person.name),
      h("dl", {}, ...rows.map(([label, values]) => h("div", {}, h("dt", {}, label), ...values.map((value) => h("dd", { dir: "auto" }, value))))),
    );
  }

  private attendance_(entry: Attendance, zone: string): string {
    const minutes = Math.floor(entry.seconds / 60);
    const line = t().attendance_line(
      local_time(entry.first_in, zone, "day"),
      local_time(entry.first_in, zone, "time"),
      entry.last_out ? local_time(entry.last_out, zone, "time") : t().still_there,
      entry.basis === "declared" ? t().declared : t().measured,
    );
    return `${line} · ${t().duration(Math.floor(minutes / 60), minutes % 60)}`;
  }

  private confirm_(on: boolean, next: HTMLElement): void {
    this.confirming_ = on;
    refresh();
    // After the refresh, which shows the button.
    setTimeout(() => next.focus(), 0);
  }

  private async erase_(): Promise<void> {
    this.busy_ = true;
    this.problem_ = null;
    refresh();
    try {
      await this.api_.erase();
      state.me = { persons: [], present: false };
      this.confirming_ = false;
      this.erased_ = true;
      this.draw();
      this.erased_done_();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem_ = () => explain(error);
    } finally {
      this.busy_ = false;
      refresh();
    }
  }
}
