import { Api, ApiError, Channel, Session } from "./api";
import { reload_me, state } from "./app";
import { Backoff } from "./backoff";
import { ChannelsView } from "./channels";
import { h, refresh } from "./dom";
import { FirstPlay } from "./first_play";
import { GlossaryDialog } from "./glossary";
import { languages_offered, offer_languages, pick_language, t } from "./i18n";
import { Live } from "./live";
import { MeDialog } from "./me";
import { PlayerView } from "./player";
import { PresenceView } from "./presence";
import { ReportDialog } from "./report";
import { set_clock } from "./sessions";
import { SignInView } from "./sign_in";

/** Longer without the hub than a restart takes: perhaps it has another address. */
const kLongMs = 20_000;
/** What changes by the clock alone (a session takes sign-ins, a replay begins) is looked at this often… */
const kClockMs = 10_000;
/** …and what the hub would have pushed is asked for this often where it cannot push. */
const kAskMs = 60_000;

const api = new Api(() => t().code);

const player = new PlayerView(
  () => tell_where(),
  () => report.open(),
);
const report: ReportDialog = new ReportDialog(api, () => ({ channel: player.playback.channel?.id ?? null, player: player.diagnostics() }));
const first_play = new FirstPlay();
const glossary = new GlossaryDialog();
const channels = new ChannelsView((channel, mode) => first_play.ask(mode, (muted) => player.open(channel, mode, muted)));
const presence = new PresenceView(
  api,
  (adding) => show_sign_in(adding),
  () => live.renew(),
);
const sign_in = new SignInView(api, (signed_in) => {
  room.hidden = false;
  if (signed_in) {
    presence.thank();
    live.renew();
  }
  presence.update();
  refresh();
  channels.element.querySelector("h2")?.focus({ preventScroll: true });
  scrollTo(0, 0);
});
const me = new MeDialog(api, () => {
  presence.update();
  refresh();
  live.renew();
});
const live: Live = new Live(api, {
  on_channels: (now: Channel[]) => {
    state.channels = now;
    channels.update();
    player.update_channels();
    refresh();
  },
  on_restart: (lost_ms: number) => {
    player.playback.restart(lost_ms);
    void reload_hub();
  },
  on_reachable: (reachable: boolean) => {
    const back = reachable && !state.reachable;
    state.reachable = reachable;
    if (!reachable) lost_ms ??= performance.now();
    if (back) {
      lost_ms = null;
      player.playback.retry_now();
      void reload_hub();
    }
    refresh();
  },
  on_sessions: (sessions: Session[], session: Session) => {
    if (state.hub) Object.assign(state.hub, { sessions, session });
    void reload_me(api).then(update_sessions);
  },
});
let lost_ms: number | null = null;

/** Asks again what is held about this device, and about the day. */
async function reload_hub(): Promise<void> {
  try {
    state.hub = await api.hub();
    set_clock(state.hub.now);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  await reload_me(api);
  update_sessions();
}

function update_sessions(): void {
  presence.update();
  sign_in.update_sessions();
  refresh();
}

function banner_words(): string {
  if (state.reachable) return "";
  if (lost_ms === null || performance.now() - lost_ms < kLongMs) return t().connection_lost;
  const code = state.me.code;
  return code ? `${t().connection_lost_long} ${t().keep_code(code)}` : t().connection_lost_long;
}

const room = h("div", { class: "room", hidden: true }, presence.element, player.element, channels.element);

function show_sign_in(adding: boolean): void {
  room.hidden = !player.playback.channel;
  sign_in.show(adding);
  sign_in.focus();
}

function tell_where(): void {
  const { channel, mode, state: doing } = player.playback;
  const on = channel !== null && doing !== "idle" && doing !== "blocked";
  live.here({ channel: on ? channel.id : null, mode: on ? mode : null });
}

function language_switch(): HTMLElement {
  return h(
    "nav",
    { class: "languages", "aria-label": () => t().language },
    ...languages_offered().map((messages) =>
      h(
        "button",
        {
          type: "button",
          lang: messages.code,
          "aria-pressed": () => String(t() === messages),
          "aria-label": messages.own_name,
          on: {
            click: () => {
              pick_language(messages);
              me.draw();
              update_sessions();
              // The hub's own questions come in the language that is asked for.
              void reload_hub();
            },
          },
        },
        messages.code.toUpperCase(),
      ),
    ),
  );
}

function footer(): HTMLElement {
  const url = state.hub?.note_well_url ?? "";
  return h(
    "footer",
    {},
    h(
      "p",
      {},
      () => t().note_well,
      // Only an address of the web: the hub's settings are not a place for scripts either.
      /^https?:\/\//.test(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, () => t().note_well_link) : null,
    ),
    h("button", { type: "button", class: "outline wide glossary-button", on: { click: () => glossary.open() } }, () => t().glossary),
    h("button", { type: "button", class: "outline wide my-data", on: { click: () => void me.open() } }, () => t().my_data),
  );
}

/** Asks until the hub answers: phones open the page while it is still starting. */
async function load_hub(): Promise<void> {
  const waiting = document.getElementById("waiting");
  const backoff = new Backoff();
  for (;;) {
    try {
      [state.hub, state.me] = await Promise.all([api.hub(), api.me()]);
      set_clock(state.hub.now);
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (waiting) waiting.textContent = t().unreachable;
      await new Promise((resolve) => setTimeout(resolve, backoff.take()));
    }
  }
}

async function start(): Promise<void> {
  document.documentElement.lang = t().code;
  await load_hub();
  const hub = state.hub;
  if (!hub) return;
  offer_languages(hub.languages);
  document.title = hub.name;
  const page = h(
    "div",
    { class: "page" },
    h(
      "header",
      {},
      h("div", {}, h("h1", { dir: "auto" }, hub.name), h("p", { class: "meta", dir: "auto" }, () => state.hub?.session?.title ?? "")),
      language_switch(),
    ),
    h("p", { class: "banner", role: "status" }, banner_words),
    h("main", {}, sign_in.element, room),
    footer(),
  );
  document.getElementById("waiting")?.remove();
  document.body.prepend(page);
  channels.update();
  presence.update();
  if (state.me.persons.length === 0) sign_in.show(false);
  else room.hidden = false;
  refresh();
  live.start();
  setInterval(update_sessions, kClockMs);
  setInterval(() => {
    if (!live.pushed && !document.hidden) void reload_hub();
  }, kAskMs);
}

void start();
