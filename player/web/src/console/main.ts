import { ApiError, Channel, Session } from "../api";
import { Backoff } from "../backoff";
import { focus_on, h, icon, refresh } from "../dom";
import { languages_offered, offer_languages, pick_language, t } from "../i18n";
import { Live } from "../live";
import { Channels } from "./channels";
import { DeskView } from "./desk";
import { api, feeds, host, load_hub, on_role_lost, take_sessions } from "./host";
import type { HostChannel, HubSession, Role } from "./host_api";
import { Login } from "./login";
import { guard_names, names_shown, show_names } from "./names";
import { Now } from "./now";
import { RecordingsView } from "./recordings";
import { Reports } from "./reports";
import { Sessions } from "./sessions";
import { SummaryView } from "./summary";
import { action, said, Task } from "./ui";
import { w } from "./words";

const kPollMs = 5_000;

const kEye = "M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z";

interface Part {
  name: string;
  words: () => string;
  element: HTMLElement;
  roles: readonly Role[];
  /** What is asked again while this part is seen. */
  load: () => void;
  /** How many things wait in it; 0 says nothing. */
  count?: () => number;
}

const now = new Now();
const sessions = new Sessions();
const channels = new Channels((channel, ietf) => {
  go("sessions");
  sessions.propose(channel, ietf);
});
const desk = new DeskView(() => names_button("outline small"));
const recordings = new RecordingsView(() => go("channels"));
const reports = new Reports();
const summary = new SummaryView();
const login = new Login(() => void enter());

const parts: Part[] = [
  { name: "channels", words: () => t().rooms, element: channels.element, roles: ["host"], load: () => void feeds.channels.load() },
  { name: "sessions", words: () => w().sessions, element: sessions.element, roles: ["host"], load: () => void load_hub() },
  { name: "desk", words: () => w().desk_short, element: desk.element, roles: ["host"], load: () => void feeds.desk.load() },
  { name: "recordings", words: () => w().recordings, element: recordings.element, roles: ["host"], load: () => void feeds.recordings.load() },
  { name: "reports", words: () => w().reports_short, element: reports.element, roles: ["host"], load: () => void feeds.reports.load(), count: () => feeds.reports.value?.length ?? 0 },
  { name: "summary", words: () => w().summary_short, element: summary.element, roles: ["host", "organizer"], load: () => void feeds.summary.load() },
];
let shown = "";

function allowed(): Part[] {
  return parts.filter((part) => part.roles.includes(host.role));
}

/** Shows the part that the address names, else the first. */
function show(): Part | null {
  const mine = allowed();
  const part = mine.find(({ name }) => `#${name}` === location.hash) ?? mine[0] ?? null;
  shown = part?.name ?? "";
  for (const one of parts) one.element.hidden = one !== part;
  part?.load();
  refresh();
  return part;
}

function go(name: string): void {
  location.hash = name;
  // The event comes later; what follows a change of parts wants it now.
  show();
}

function load_all(): void {
  if (host.role === null) return;
  void load_hub();
  for (const feed of Object.values(feeds)) void feed.load();
}

const live = new Live(api, {
  on_channels: (list: Channel[]) => {
    const known = feeds.channels.value;
    if (known) {
      const news = new Map(list.map((channel) => [channel.id, channel]));
      feeds.channels.take(known.filter(({ id }) => news.has(id)).map((channel): HostChannel => ({ ...channel, ...news.get(channel.id) })));
    }
    // The rest of a channel, such as its bytes, is told to the host only.
    void feeds.channels.load();
  },
  on_sessions: (list: Session[], session: Session) => {
    take_sessions(list as HubSession[], session as HubSession);
    for (const feed of [feeds.now, feeds.desk, feeds.summary]) void feed.load();
  },
  on_changed: (what: string[]) => {
    const asked: Record<string, readonly { load(): Promise<void> }[]> = {
      desk: [feeds.now, feeds.desk, feeds.summary],
      sessions: [{ load: load_hub }, feeds.now, feeds.summary],
      reports: [feeds.reports],
      recordings: [feeds.recordings],
      machine: [feeds.machine],
    };
    for (const name of what) for (const feed of asked[name] ?? []) void feed.load();
    if (what.includes("machine")) now.redraw_code();
  },
  on_restart: () => void stand(),
  on_reachable: (reachable: boolean) => {
    const back = reachable && !host.reachable;
    host.reachable = reachable;
    if (back) void stand();
    refresh();
  },
});

/** Asks who we are to the hub, and then for everything: the hub may have been started anew. */
async function stand(): Promise<void> {
  try {
    const { role } = await api.role();
    if (role === null && host.role !== null) return forgotten();
    if (role !== host.role) {
      host.role = role;
      show();
    }
    load_all();
  } catch (error) {
    // The next success of the live channel asks again.
    if (!(error instanceof ApiError)) throw error;
  }
}

/** The hub does not know us any more: the passphrase again, and everything typed stays where it is. */
function forgotten(): void {
  host.role = null;
  show_names(false);
  show();
  login.show(true);
}

async function enter(): Promise<void> {
  live.renew();
  await load_hub();
  const part = show();
  load_all();
  part?.element.querySelector("h2")?.focus({ preventScroll: true });
}

const leaving = new Task();
async function leave(): Promise<void> {
  await api.logout();
  host.role = null;
  show_names(false);
  const { role } = await api.role();
  if (role !== null) {
    // At the machine itself the page opens without a passphrase.
    host.role = role;
    show();
    return;
  }
  // Nothing of the people stays in the page.
  location.reload();
}

function names_button(look: string): HTMLElement {
  return h(
    "button",
    { type: "button", class: look, "data-names": true, "aria-pressed": () => String(names_shown()), on: { click: () => show_names(!names_shown()) } },
    icon(kEye),
    h("span", {}, () => (names_shown() ? w().hide_names : w().show_names)),
  );
}

function language_switch(): HTMLElement {
  const button = (messages: ReturnType<typeof t>): HTMLElement =>
    h(
      "button",
      {
        type: "button", lang: messages.code, "aria-label": messages.own_name, "aria-pressed": () => String(t() === messages),
        on: {
          click: () => {
            pick_language(messages);
            sessions.offer_rooms();
            desk.offer_sessions();
            summary.draw();
            title();
            // What the hub says in words comes again, in the other language.
            load_all();
          },
        },
      },
      messages.code.toUpperCase(),
    );
  return h("nav", { class: "languages", "aria-label": () => t().language }, ...languages_offered().map(button));
}

function title(): void {
  document.title = `${w().console} · ${host.hub?.name ?? ""}`;
}

function navigation(): HTMLElement {
  const link = (part: Part): HTMLElement =>
    h(
      "li",
      { hidden: () => !part.roles.includes(host.role) },
      h(
        "a",
        { href: `#${part.name}`, "aria-current": () => (shown === part.name ? "page" : null) },
        part.words,
        h("span", { class: "count", hidden: () => (part.count?.() ?? 0) === 0 }, () => String(part.count?.() ?? 0)),
      ),
    );
  return h("nav", { class: "parts", "aria-label": () => w().parts }, h("ul", {}, ...parts.map(link)));
}

function build(): HTMLElement {
  const inside = (): boolean => host.role !== null;
  return h(
    "div",
    { class: "page console" },
    h(
      "header",
      {},
      h("div", {}, h("p", { class: "overline" }, () => w().console), h("h1", { dir: "auto" }, () => host.hub?.name ?? "")),
      h(
        "div",
        { class: "tools" },
        h(
          "p",
          { class: () => (host.reachable ? "connection badge live" : "connection badge late"), role: "status" },
          h("span", { class: () => (host.reachable ? "dot playing" : "dot reconnecting") }),
          () => (host.reachable ? w().connected : w().disconnected),
        ),
        h("div", { hidden: () => host.role !== "host" }, names_button("outline")),
        language_switch(),
        h("div", { hidden: () => !inside() }, action(() => w().log_out, leaving, leave, { class: "quiet" })),
      ),
    ),
    h("p", { class: "banner", role: "alert" }, () => (host.reachable ? "" : w().connection_lost)),
    h(
      "main",
      {},
      login.element,
      h("div", { class: "inside", hidden: () => !inside() }, now.element, navigation(), h("div", { class: "part" }, ...parts.map(({ element }) => element))),
    ),
    said.element,
    said.region,
  );
}

/** Asks until the hub answers: it may still be starting. */
async function first_answers(): Promise<void> {
  const waiting = document.getElementById("waiting");
  const backoff = new Backoff();
  for (;;) {
    try {
      const [hub, { role }] = await Promise.all([api.host_hub(), api.role()]);
      host.hub = hub;
      host.role = role;
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
  await first_answers();
  if (!host.hub) return;
  offer_languages(host.hub.languages);
  title();
  guard_names();
  on_role_lost(forgotten);
  document.getElementById("waiting")?.remove();
  document.body.prepend(build());
  take_sessions(host.hub.sessions, host.hub.session);
  show();
  load_all();
  if (host.role === null) login.show(false);
  addEventListener("hashchange", () => {
    const part = show();
    if (part) focus_on(part.element.querySelector("h2") ?? part.element);
  });
  live.start();
  setInterval(() => {
    if (document.hidden || host.role === null) return;
    // Bytes and positions move without a frame; without a socket everything must be asked for.
    parts.find(({ name }) => name === shown)?.load();
    if (!live.pushed) for (const feed of [feeds.now, feeds.machine, feeds.reports]) void feed.load();
  }, kPollMs);
}

void start();
