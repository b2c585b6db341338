import glossaries from "hub:glossary";
import { Dialog, h, refresh } from "./dom";
import { t } from "./i18n";

/** "The IETF in 2 minutes": fetched when it is opened, in the language that is shown then. */
export class GlossaryDialog {
  private readonly dialog_: Dialog;
  private readonly list_ = h("dl", { class: "glossary" });
  private shown_ = "";
  private problem_: (() => string) | null = null;

  constructor() {
    this.dialog_ = new Dialog(
      () => t().glossary,
      () => t().close,
      h("p", { class: "problem", role: "alert" }, () => this.problem_?.() ?? ""),
      this.list_,
    );
    this.dialog_.element.classList.add("glossary-dialog");
  }

  open(): void {
    this.dialog_.open();
    void this.draw_();
  }

  private async draw_(): Promise<void> {
    const code = t().code;
    if (code === this.shown_) return;
    try {
      const { default: terms } = await (glossaries[code] ?? glossaries.fr)();
      while (this.list_.firstChild) this.list_.firstChild.remove();
      for (const [term, meaning] of terms) this.list_.append(h("div", {}, h("dt", { dir: "auto" }, term), h("dd", { dir: "auto" }, meaning)));
      this.shown_ = code;
      this.problem_ = null;
    } catch {
      // The hub is away: opening it again asks again.
      this.problem_ = () => t().problem_unreachable;
    }
    refresh();
  }
}
