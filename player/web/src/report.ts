import { Api, ApiError, Diagnostics, Symptom } from "./api";
import { explain } from "./app";
import { Dialog, h, refresh, unique_id } from "./dom";
import { t } from "./i18n";

const kTextMost = 1000;

/** "It does not work": what the person notices, with what the player knows about itself. */
export class ReportDialog {
  private readonly dialog_: Dialog;
  private readonly form_: HTMLFormElement;
  private readonly thanks_: HTMLElement;
  private sent_ = false;
  private busy_ = false;
  private problem_: (() => string) | null = null;

  /** @param subject  the room and the player's state at the moment of sending */
  constructor(
    private readonly api_: Api,
    private readonly subject_: () => { channel: string | null; player: Diagnostics },
  ) {
    const symptoms: [Symptom, () => string][] = [
      ["no_picture", () => t().no_picture],
      ["no_sound", () => t().no_sound],
      ["stops", () => t().stops],
      ["late", () => t().late],
      ["other", () => t().other],
    ];
    const text_id = unique_id("report");
    this.form_ = h(
      "form",
      { hidden: () => this.sent_, on: { submit: (event) => void this.send_(event) } },
      h("p", {}, () => t().report_text),
      h(
        "fieldset",
        {},
        h("legend", {}, () => t().report_symptom),
        h(
          "div",
          { class: "options column" },
          ...symptoms.map(([value, words]) =>
            h("label", { class: "option" }, h("input", { type: "radio", name: "symptom", value, required: true }), h("span", {}, words)),
          ),
        ),
      ),
      h(
        "div",
        { class: "field" },
        h("label", { for: text_id }, () => t().report_more, h("span", { class: "hint" }, () => ` (${t().optional})`)),
        h("textarea", { id: text_id, name: "text", rows: "3", maxlength: String(kTextMost), dir: "auto" }),
      ),
      h("p", { class: "problem", role: "alert" }, () => this.problem_?.() ?? ""),
      h("button", { type: "submit", class: "primary wide", disabled: () => this.busy_ }, () => (this.busy_ ? t().sending : t().report_send)),
    );
    this.thanks_ = h("div", { role: "status" }, h("p", { class: "thanks" }, () => (this.sent_ ? t().report_thanks : "")));
    this.dialog_ = new Dialog(
      () => t().report_title,
      () => t().close,
      this.form_,
      this.thanks_,
    );
    this.dialog_.element.classList.add("report");
  }

  open(): void {
    this.form_.reset();
    this.sent_ = false;
    this.problem_ = null;
    this.form_.hidden = false;
    refresh();
    this.dialog_.open();
  }

  private async send_(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy_) return;
    const answers = new FormData(this.form_);
    this.busy_ = true;
    this.problem_ = null;
    refresh();
    try {
      const { channel, player } = this.subject_();
      await this.api_.report({ channel, symptom: answers.get("symptom") as Symptom, text: String(answers.get("text") ?? "").trim(), player });
      this.sent_ = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem_ = () => explain(error);
    } finally {
      this.busy_ = false;
      refresh();
    }
  }
}
