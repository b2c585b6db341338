import { Api, ApiError, SignIn } from "../api";
import { explain, state } from "../app";
import { Backoff } from "../backoff";
import { h, refresh } from "../dom";
import { first_language, languages_offered, offer_languages, pick_language, t } from "../i18n";
import { SessionChoice } from "../session_choice";
import { set_clock } from "../sessions";
import { SignInForm } from "../sign_in_form";
import { Idle } from "./idle";
import { no_way_out } from "./no_way_out";
import { k } from "./words";

/** The tablet at the door: one person after the other, nobody sees who was before.
 *  ```
 *  start ──with my name──► form ──sent──► thanks ──5 s, or a tap──► start
 *    ├──without──────────────────────────►┘
 *    ◄──45 s without a touch (any)
 *  ``` */
type Screen = "start" | "form" | "thanks";

const kThanksMs = 5_000;
const kAskMs = 15_000;

const api = new Api(() => t().code);
const sessions = new SessionChoice();
let screen: Screen = "start";
let busy = false;
let problem: (() => string) | null = null;
let thanked = "";
let thanks_timer = 0;

const idle = new Idle(() => start_afresh());
const form = new SignInForm(
  { autocomplete: false, erase: () => k().erase(state.hub?.privacy.contact ?? "") },
  (body) => void send(body, body.name),
  () => screen !== "form",
  h("button", { type: "submit", class: "primary wide", disabled: () => busy }, () => (busy ? t().sending : t().submit)),
);
const heading = h("h2", {}, () => k().title);
const thanks = h("h2", { tabindex: "-1", dir: "auto" }, () => (thanked ? k().thanks(thanked) : k().thanks_anonymous));

function show(next: Screen): void {
  screen = next;
  problem = null;
  refresh();
}

/** As for the first person: nothing typed, the hub's first language. */
function start_afresh(): void {
  clearTimeout(thanks_timer);
  form.clear();
  sessions.reset();
  thanked = "";
  first_language();
  show("start");
  idle.rest();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  scrollTo(0, 0);
}

async function send(body: SignIn | { anonymous: true }, name: string): Promise<void> {
  if (busy) return;
  busy = true;
  problem = null;
  refresh();
  try {
    await api.sign_in({ ...body, ...sessions.where(), kiosk: true });
    form.clear();
    thanked = name;
    show("thanks");
    idle.rest();
    setTimeout(() => thanks.focus(), 0);
    scrollTo(0, 0);
    thanks_timer = window.setTimeout(start_afresh, kThanksMs);
  } catch (error) {
    const sentence = explain(error);
    const field = error instanceof ApiError ? error.field : null;
    if (!field || !form.refuse(field, () => sentence)) problem = () => sentence;
  } finally {
    busy = false;
    refresh();
  }
}

function open_form(): void {
  show("form");
  form.element.hidden = false;
  form.focus();
}

function languages(): HTMLElement {
  const button = (messages: ReturnType<typeof t>): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        lang: messages.code,
        "aria-pressed": () => String(t() === messages),
        on: {
          click: () => {
            pick_language(messages, false);
            document.title = k().title;
            sessions.update();
            void ask();
          },
        },
      },
      messages.own_name,
    );
  return h("nav", { class: "languages", "aria-label": () => t().language, hidden: () => screen === "thanks" }, ...languages_offered().map(button));
}

/** Asks the hub for the sessions of now, and for its questions in the language shown. */
async function ask(): Promise<void> {
  try {
    state.hub = await api.hub();
    set_clock(state.hub.now);
    state.reachable = true;
    sessions.update();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    state.reachable = false;
  }
  refresh();
}

function page(name: string): HTMLElement {
  return h(
    "div",
    { class: () => `page kiosk at-${screen}` },
    h("header", {}, h("h1", { class: "hub-name", dir: "auto" }, name), languages()),
    h("p", { class: "banner", role: "status" }, () => (state.reachable ? "" : t().connection_lost)),
    h(
      "main",
      {},
      h(
        "section",
        { class: "card sign", hidden: () => screen === "thanks" },
        heading,
        sessions.element,
        h(
          "div",
          { class: "pair", hidden: () => screen !== "start" },
          h("button", { type: "button", class: "primary", on: { click: open_form } }, () => t().with_name),
          h("button", { type: "button", class: "outline", disabled: () => busy, on: { click: () => void send({ anonymous: true }, "") } }, () => t().without_name),
        ),
        h("p", { class: "hint", hidden: () => screen !== "start" }, () => t().without_name_hint),
        form.element,
        h("p", { class: "problem", role: "alert" }, () => problem?.() ?? ""),
        h("p", { class: "forgetting", role: "status" }, () => idle.words()),
        h("button", { type: "button", class: "quiet wide", hidden: () => screen !== "form", on: { click: start_afresh } }, () => k().start_again),
      ),
      h(
        "section",
        { class: "card with-phone", hidden: () => screen !== "start", "aria-labelledby": "with-phone" },
        h("h2", { id: "with-phone" }, () => k().with_phone),
        h("img", { src: "/api/v1/qr.svg", width: "240", height: "240", draggable: "false", alt: () => k().qr }),
        h("p", { class: "hint" }, () => k().with_phone_text),
      ),
      h(
        "section",
        { class: "card thanks-card", hidden: () => screen !== "thanks" },
        thanks,
        h("p", {}, () => k().thanks_text),
        h("button", { type: "button", class: "primary wide", on: { click: start_afresh } }, () => k().next),
      ),
    ),
  );
}

async function start(): Promise<void> {
  no_way_out();
  const waiting = document.getElementById("waiting");
  const backoff = new Backoff();
  for (await ask(); !state.hub; await ask()) {
    if (waiting) waiting.textContent = t().unreachable;
    await new Promise((resolve) => setTimeout(resolve, backoff.take()));
  }
  offer_languages(state.hub.languages);
  document.title = k().title;
  waiting?.remove();
  document.body.prepend(page(state.hub.name));
  start_afresh();
  idle.start();
  setInterval(() => void ask(), kAskMs);
}

void start();
