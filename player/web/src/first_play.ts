import { Dialog, h, refresh } from "./dom";
import { t } from "./i18n";
import type { Mode } from "./playback";
import { recall, remember } from "./storage";

/** Before the first play on this device: the room's sound comes from the loudspeakers, a phone's from headphones. */
export class FirstPlay {
  private readonly dialog_: Dialog;
  private asked_ = recall("headphones") !== null;
  private mode_: Mode = "audio";
  private go_: (muted: boolean) => void = () => {};

  constructor() {
    this.dialog_ = new Dialog(
      () => t().headphones_title,
      () => t().close,
      h("p", {}, () => t().headphones_text),
      h(
        "div",
        { class: "pair" },
        h("button", { type: "button", class: "primary", on: { click: () => this.done_(false) } }, () => t().headphones_done),
        h("button", { type: "button", class: "outline", hidden: () => this.mode_ === "audio", on: { click: () => this.done_(true) } }, () => t().without_sound),
      ),
    );
    this.dialog_.element.classList.add("headphones");
  }

  /** @param go  called at once, or from the tap that goes on: browsers let nothing else make sound */
  ask(mode: Mode, go: (muted: boolean) => void): void {
    if (this.asked_) return go(false);
    this.mode_ = mode;
    this.go_ = go;
    refresh();
    this.dialog_.open();
  }

  private done_(muted: boolean): void {
    // Whoever chose to watch without sound is asked again before there is any.
    if (!muted) {
      this.asked_ = true;
      remember("headphones", "asked");
    }
    this.dialog_.close(false);
    this.go_(muted);
  }
}
