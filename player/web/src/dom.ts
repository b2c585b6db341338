/** Small helpers to build the page. Text reaches the document as text nodes and attribute values only, so
 *  that nothing a person typed is ever read as markup. */

/** A value, or how to get it: functions are asked again at each refresh(). */
export type Live<T> = T | (() => T);

type Attribute = string | boolean | null;
type Listeners = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
type Child = Node | Live<string> | null;

export interface Props {
  /** null or false takes the attribute away, true makes it empty. `value`, `checked` and `disabled` too. */
  [attribute: string]: Live<Attribute> | Listeners | undefined;
  on?: Listeners;
}

interface Binding {
  node: Node;
  apply: () => void;
  /** It was in the document once: when it is not any more, it is gone for good. */
  attached: boolean;
}

let bindings: Binding[] = [];
let queued = false;

function bind(node: Node, apply: () => void): void {
  apply();
  bindings.push({ node, apply, attached: false });
}

function set_attribute(element: HTMLElement, name: string, value: Attribute): void {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : value;
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Builds an element. Functions among props and children stay bound: refresh() asks them again. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on" || value === undefined) continue;
    if (typeof value === "function") bind(element, () => set_attribute(element, name, value()));
    else set_attribute(element, name, value as Attribute);
  }
  for (const [event, listener] of Object.entries(props.on ?? {})) {
    element.addEventListener(event, listener as EventListener);
  }
  for (const child of children) {
    if (child === null) continue;
    if (child instanceof Node) {
      element.append(child);
    } else if (typeof child === "function") {
      const text = document.createTextNode("");
      bind(text, () => {
        const now = child();
        if (text.data !== now) text.data = now;
      });
      element.append(text);
    } else {
      element.append(child);
    }
  }
  return element;
}

/** Asks all bound functions again, once before the next paint, however often it is called. */
export function refresh(): void {
  if (queued) return;
  queued = true;
  // Not requestAnimationFrame: a hidden tab must go on telling its state too.
  setTimeout(() => {
    queued = false;
    bindings = bindings.filter((binding) => {
      if (binding.node.isConnected) binding.attached = true;
      else if (binding.attached) return false;
      binding.apply();
      return true;
    });
  }, 0);
}

const kSvg = "http://www.w3.org/2000/svg";

/** A decorative 24 × 24 icon of one path; the words beside it carry the meaning. */
export function icon(path: string): Node {
  const svg = document.createElementNS(kSvg, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const shape = document.createElementNS(kSvg, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

let last_id = 0;
export function unique_id(prefix: string): string {
  last_id += 1;
  return `${prefix}-${last_id}`;
}

/** Moves the focus to a heading or a region, so that a screen reader goes on from there. */
export function focus_on(element: HTMLElement): void {
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

/** A dialog that is modal where the browser can do that and a plain open one elsewhere. The focus goes back to
 *  where it was when it closes. */
export class Dialog {
  readonly element: HTMLDialogElement;
  private before_: HTMLElement | null = null;

  constructor(title: () => string, close_label: () => string, ...body: Child[]) {
    const id = unique_id("dialog");
    this.element = h(
      "dialog",
      { "aria-labelledby": id, class: "dialog", on: { close: () => this.closed_(), keydown: (e) => this.key_(e) } },
      h(
        "div",
        { class: "dialog-head" },
        h("h2", { id, tabindex: "-1" }, title),
        h("button", { type: "button", class: "quiet square", "aria-label": close_label, on: { click: () => this.close() } },
          icon("M5 5l14 14M19 5L5 19")),
      ),
      ...body,
    );
    document.body.append(this.element);
  }

  open(): void {
    this.before_ = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    if (typeof this.element.showModal === "function") this.element.showModal();
    else this.element.setAttribute("open", "");
    const heading = this.element.querySelector("h2");
    heading?.focus();
    this.element.scrollTop = 0;
  }

  /** @param back  give the focus back to where it was */
  close(back = true): void {
    if (!this.element.hasAttribute("open")) return;
    if (!back) this.before_ = null;
    if (typeof this.element.close === "function") {
      this.element.close();
    } else {
      this.element.removeAttribute("open");
      this.closed_();
    }
  }

  private closed_(): void {
    if (this.before_ && this.before_.isConnected) this.before_.focus();
    this.before_ = null;
  }

  private key_(event: KeyboardEvent): void {
    if (event.key === "Escape" && typeof this.element.showModal !== "function") this.close();
  }
}
