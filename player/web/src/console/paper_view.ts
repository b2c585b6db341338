import { ApiError } from "../api";
import { h, refresh, unique_id } from "../dom";
import { api, desk_choice, feeds } from "./host";
import { kLinesMost, PaperLine, parse_paper } from "./paper";
import { problem_line, say, Task } from "./ui";
import { w } from "./words";

const kFaultsShown = 8;

/** "Enter a paper sheet": the time that stands on it is kept. */
export class PaperSheet {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly text_: HTMLTextAreaElement;
  private readonly faults_: HTMLUListElement;
  private lines_: PaperLine[] = [];

  constructor() {
    const id = unique_id("paper");
    this.text_ = h("textarea", {
      id, class: "private", rows: "6", name: "paper", spellcheck: "false", dir: "auto", "aria-describedby": `${id}-hint ${id}-state`,
      placeholder: () => w().paper_example,
      on: { input: () => this.read_() },
    });
    this.faults_ = h("ul", { class: "faults", role: "alert" });
    this.element = h(
      "div",
      { class: "card", role: "region", "aria-labelledby": "paper-title" },
      h("h3", { id: "paper-title" }, () => w().paper),
      h(
        "form",
        { on: { submit: (event) => this.send_(event) } },
        h(
          "div",
          { class: "field" },
          h("label", { for: id }, () => w().paper_label),
          h("p", { class: "hint", id: `${id}-hint` }, () => w().paper_hint),
          this.text_,
          h("p", { class: "hint", id: `${id}-state` }, () => this.state_()),
        ),
        this.faults_,
        problem_line(this.task_),
        h("button", { type: "submit", class: "primary", "aria-busy": () => (this.task_.busy ? "true" : null) }, () =>
          this.task_.busy ? w().adding : w().enter_lines(this.lines_.length),
        ),
      ),
    );
    // A page that is closed by mistake takes a typed sheet with it.
    addEventListener("beforeunload", (event) => {
      if (this.lines_.length > 0) event.preventDefault();
    });
  }

  private wrong_(): PaperLine[] {
    return this.lines_.filter((line) => line.fault !== null);
  }

  private state_(): string {
    if (this.lines_.length === 0) return "";
    if (this.lines_.length > kLinesMost) return w().too_many_lines(this.lines_.length, kLinesMost);
    const wrong = this.wrong_().length;
    return wrong > 0 ? w().lines_wrong(wrong, this.lines_.length) : w().lines_right(this.lines_.length);
  }

  private read_(): void {
    this.lines_ = parse_paper(this.text_.value);
    // Only what has been sent once is complained about while it is mended.
    if (this.faults_.childElementCount > 0) this.draw_();
    this.task_.fail(null);
  }

  /** @param also  what the hub has found: a line of the text and a sentence */
  private draw_(also: { line: number; error: string } | null = null): void {
    const wrong = this.wrong_();
    const rows = wrong.slice(0, kFaultsShown).map(({ line, fault }) => h("li", {}, () => w().line_fault(line, w().faults[fault ?? "no_name"])));
    if (wrong.length > kFaultsShown) rows.push(h("li", {}, () => w().more_faults(wrong.length - kFaultsShown)));
    if (also) rows.push(h("li", { dir: "auto" }, () => w().line_fault(also.line, also.error)));
    this.faults_.replaceChildren(...rows);
  }

  /** Puts the caret at the beginning of a line. */
  private go_to_(line: number): void {
    const begin = this.text_.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.text_.focus();
    const end = this.text_.value.indexOf("\n", begin);
    this.text_.setSelectionRange(begin, end < 0 ? this.text_.value.length : end);
  }

  private send_(event: Event): void {
    event.preventDefault();
    this.read_();
    this.draw_();
    const first = this.wrong_()[0];
    if (this.lines_.length === 0 || this.lines_.length > kLinesMost) {
      this.text_.focus();
      return this.task_.fail(this.lines_.length === 0 ? () => w().need_lines : () => this.state_());
    }
    if (first) return this.go_to_(first.line);
    const lines = this.lines_;
    void this.task_.run(async () => {
      try {
        const { change, added } = await api.add_persons(desk_choice.session, lines.map((line) => line.entry), true);
        this.text_.value = "";
        this.lines_ = [];
        refresh();
        say(() => w().sheet_entered(added.length), async () => {
          await api.undo(change);
          await feeds.desk.load();
        });
      } catch (error) {
        const at = error instanceof ApiError ? lines[Number(error.details["line"]) - 1] : undefined;
        if (!at || !(error instanceof ApiError)) throw error;
        // The hub counts persons, the host lines of the text.
        this.draw_({ line: at.line, error: error.message });
        return this.go_to_(at.line);
      }
      await Promise.all([feeds.desk.load(), feeds.now.load()]);
    });
  }
}
