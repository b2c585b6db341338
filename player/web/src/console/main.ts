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
  load: () => Promise<void>;
  /** How many things wait in it; 0 says nothing. */
  count?: () => number;
}

/** The page, made once the hub has said who it is and what it asks. */
class HostPage {
  private readonly now_ = new Now();
  private readonly sessions_ = new Sessions();
  private readonly channels_ = new Channels((channel, ietf) => {
    this.go_("sessions");
    this.sessions_.propose(channel, ietf);
  });
  private readonly desk_ = new DeskView(() => names_button("outline small"));
  private readonly recordings_ = new RecordingsView(() => this.go_("channels"));
  private readonly reports_ = new Reports();
  private readonly summary_ = new SummaryView();
  private readonly login_ = new Login(() => void this.enter_());
  private readonly leaving_ = new Task();
  private readonly parts_: Part[] = [
    { name: "channels", words: () => w().rooms_short, element: this.channels_.element, roles: ["host"], load: () => feeds.channels.load() },
    { name: "sessions", words: () => w().sessions, element: this.sessions_.element, roles: ["host"], load: load_hub },
    { name: "desk", words: () => w().desk_short, element: this.desk_.element, roles: ["host"], load: () => feeds.desk.load() },
    { name: "recordings", words: () => w().recordings_short, element: this.recordings_.element, roles: ["host"], load: () => feeds.recordings.load() },
    {
      name: "reports", words: () => w().reports_short, element: this.reports_.element, roles: ["host"], load: () => feeds.reports.load(),
      count: () => feeds.reports.value?.length ?? 0,
    },
    { name: "summary", words: () => w().summary_short, element: this.summary_.element, roles: ["host", "organizer"], load: () => feeds.summary.load() },
  ];
  private shown_ = "";
  private readonly live_ = new Live(api, {
    on_channels: (list: Channel[]) => this.take_channels_(list),
    on_sessions: (list: Session[], session: Session) => {
      take_sessions(list as HubSession[], session as HubSession);
      for (const feed of [feeds.now, feeds.desk, feeds.summary]) void feed.load();
    },
    on_changed: (what: string[]) => this.ask_again_(what),
    on_restart: () => void this.stand_(),
    on_reachable: (reachable: boolean) => {
      const back = reachable && !host.reachable;
      host.reachable = reachable;
      if (back) void this.stand_();
      refresh();
    },
  });

  start(): void {
    on_role_lost(() => this.forgotten_());
    document.body.prepend(this.build_());
    take_sessions(host.hub?.sessions ?? [], host.hub?.session ?? null);
    this.show_();
    load_all();
    if (host.role === null) this.login_.show(false);
    addEventListener("hashchange", () => {
      const part = this.show_();
      if (part) focus_on(part.element.querySelector("h2") ?? part.element);
    });
    this.live_.start();
    setInterval(() => this.poll_(), kPollMs);
  }

  /** Bytes and positions move without a frame; without a socket everything must be asked for. */
  private poll_(): void {
    if (document.hidden || host.role === null) return;
    void this.parts_.find(({ name }) => name === this.shown_)?.load();
    if (!this.live_.pushed) for (const feed of [feeds.now, feeds.machine, feeds.reports]) void feed.load();
  }

  /** Shows the part that the address names, else the first. */
  private show_(): Part | null {
    const mine = this.parts_.filter((part) => part.roles.includes(host.role));
    const part = mine.find(({ name }) => `#${name}` === location.hash) ?? mine[0] ?? null;
    this.shown_ = part?.name ?? "";
    for (const one of this.parts_) one.element.hidden = one !== part;
    void part?.load();
    refresh();
    return part;
  }

  private go_(name: string): void {
    location.hash = name;
    // The event comes later; what follows a change of parts wants it now.
    this.show_();
  }

  private take_channels_(list: Channel[]): void {
    const known = feeds.channels.value;
    if (known) {
      const news = new Map(list.map((channel) => [channel.id, channel]));
      feeds.channels.take(known.filter(({ id }) => news.has(id)).map((channel): HostChannel => ({ ...channel, ...news.get(channel.id) })));
    }
    // The rest of a channel, such as its bytes, is told to the host only.
    void feeds.channels.load();
  }

  private ask_again_(what: string[]): void {
    const asked: Record<string, readonly { load(): Promise<void> }[]> = {
      desk: [feeds.now, feeds.desk, feeds.summary],
      sessions: [{ load: load_hub }, feeds.now, feeds.summary],
      reports: [feeds.reports],
      recordings: [feeds.recordings],
      machine: [feeds.machine],
    };
    for (const name of what) for (const feed of asked[name] ?? []) void feed.load();
    if (what.includes("machine")) this.now_.redraw_code();
  }

  /** Asks who we are to the hub, and then for everything: the hub may have been started anew. */
  private async stand_(): Promise<void> {
    try {
      const { role } = await api.role();
      if (role === null && host.role !== null) return this.forgotten_();
      if (role !== host.role) {
        host.role = role;
        this.show_();
      }
      load_all();
    } catch (error) {
      // The next success of the live channel asks again.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The hub does not know us any more: the passphrase again, and everything typed stays where it is. */
  private forgotten_(): void {
    host.role = null;
    show_names(false);
    this.show_();
    this.login_.show(true);
  }

  private async enter_(): Promise<void> {
    this.live_.renew();
    await load_hub();
    const part = this.show_();
    load_all();
    part?.element.querySelector("h2")?.focus({ preventScroll: true });
  }

  private async leave_(): Promise<void> {
    await api.logout();
    // Nothing of the people stays in the page. At the machine itself it opens again without a passphrase.
    location.reload();
  }

  private language_switch_(): HTMLElement {
    const button = (messages: ReturnType<typeof t>): HTMLElement =>
      h(
        "button",
        {
          type: "button", lang: messages.code, "aria-label": messages.own_name, "aria-pressed": () => String(t() === messages),
          on: {
            click: () => {
              pick_language(messages);
              this.sessions_.offer_rooms();
              this.desk_.offer_sessions();
              this.summary_.draw();
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

  private navigation_(): HTMLElement {
    const link = (part: Part): HTMLElement =>
      h(
        "li",
        { hidden: () => !part.roles.includes(host.role) },
        h(
          "a",
          { href: `#${part.name}`, "aria-current": () => (this.shown_ === part.name ? "page" : null) },
          part.words,
          h("span", { class: "count", hidden: () => (part.count?.() ?? 0) === 0 }, () => String(part.count?.() ?? 0)),
        ),
      );
    return h("nav", { class: "parts", "aria-label": () => w().parts }, h("ul", {}, ...this.parts_.map(link)));
  }

  private build_(): HTMLElement {
    const inside = (): boolean => host.role !== null;
    return h(
      "div",
      { class: "page console" },
      h(
        "header",
        {},
        h(
          "div",
          {},
          h(
            "div",
            { class: "over" },
            h("p", { class: "overline" }, () => w().console),
            h(
              "p",
              { class: () => (host.reachable ? "connection badge live" : "connection badge late"), role: "status" },
              h("span", { class: () => (host.reachable ? "dot playing" : "dot reconnecting") }),
              () => (host.reachable ? w().connected : w().disconnected),
            ),
          ),
          h("h1", { dir: "auto" }, () => host.hub?.name ?? ""),
        ),
        this.language_switch_(),
        h(
          "div",
          { class: "tools" },
          h("div", { hidden: () => host.role !== "host" }, names_button("outline")),
          h("div", { hidden: () => !inside() }, action(() => w().log_out, this.leaving_, () => this.leave_(), { class: "quiet" })),
        ),
      ),
      h("p", { class: "banner", role: "alert" }, () => (host.reachable ? "" : w().connection_lost)),
      h(
        "main",
        {},
        this.login_.element,
        h("div", { class: "inside", hidden: () => !inside() }, this.now_.element, this.navigation_(), h("div", { class: "part" }, ...this.parts_.map(({ element }) => element))),
      ),
      said.element,
      said.region,
    );
  }
}

function load_all(): void {
  if (host.role === null) return;
  void load_hub();
  for (const feed of Object.values(feeds)) void feed.load();
}

function names_button(look: string): HTMLElement {
  return h(
    "button",
    { type: "button", class: look, "data-names": true, "aria-pressed": () => String(names_shown()), on: { click: () => show_names(!names_shown()) } },
    icon(kEye),
    h("span", {}, () => (names_shown() ? w().hide_names : w().show_names)),
  );
}

function title(): void {
  document.title = `${w().console} · ${host.hub?.name ?? ""}`;
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
  document.getElementById("waiting")?.remove();
  new HostPage().start();
}

void start();
