import { focus_on, h } from "../dom";
import { api, feeds, host, load_hub, on_sessions } from "./host";
import type { HostChannel, HubSession, Ietf, NewSession } from "./host_api";
import { clock, time_after, time_today, time_value } from "./time";
import { action, choice, field, problem_line, Rows, say, set_options, sure, Task } from "./ui";
import { w } from "./words";

function forgotten(id: string): boolean {
  return feeds.summary.value?.sessions.find((one) => one.id === id)?.forgotten ?? false;
}

function words_of_state(session: HubSession): string {
  if (forgotten(session.id)) return w().session_forgotten;
  return { upcoming: w().session_upcoming, open: w().session_open, closed: w().session_closed }[session.state] ?? session.state;
}

/** After a change: the sessions, and the figures that hang on them. */
async function reload(): Promise<void> {
  await Promise.all([load_hub(), feeds.now.load(), feeds.desk.load(), feeds.summary.load()]);
}

/** The sessions of today: open one, change its end, close it when everybody left. */
export class Sessions {
  readonly element: HTMLElement;
  private readonly task_ = new Task();
  private readonly title_ = field(() => w().title_label, { name: "title" });
  private readonly acronym_ = field(() => w().acronym, { name: "acronym", placeholder: "dnsop" });
  private readonly meeting_ = field(() => w().meeting, { name: "meeting", placeholder: "127" });
  private readonly id_ = field(() => w().session_id, { name: "id" }, () => w().session_id_hint);
  private readonly channel_ = choice(() => w().room, [], { name: "channel" });
  private readonly start_ = field(() => w().start_label, { type: "time", name: "start" }, () => w().start_hint);
  private readonly end_ = field(() => w().end_label, { type: "time", name: "end" }, () => w().end_hint);
  private readonly form_: HTMLElement;

  constructor() {
    const rows = new Rows<HubSession>(h("ul", { class: "cards" }), (session) => session.id, (now) => card(now));
    this.form_ = h(
      "div",
      { class: "card", role: "region", "aria-labelledby": "open-session-title" },
      h("h3", { id: "open-session-title", tabindex: "-1" }, () => w().open_session),
      h(
        "form",
        { novalidate: true, on: { submit: (event) => this.open_(event) } },
        this.title_.element,
        h("div", { class: "columns" }, this.start_.element, this.end_.element, this.channel_.element),
        h(
          "details",
          {},
          h("summary", {}, () => w().more_about_session),
          h("div", { class: "columns" }, this.acronym_.element, this.meeting_.element, this.id_.element),
        ),
        problem_line(this.task_),
        h("button", { type: "submit", class: "primary", "aria-busy": () => (this.task_.busy ? "true" : null) }, () => w().open_it),
      ),
    );
    this.element = h(
      "section",
      { "aria-labelledby": "sessions-title" },
      h("h2", { id: "sessions-title", tabindex: "-1" }, () => w().sessions),
      h("p", { class: "hint", hidden: () => host.sessions.length > 0 }, () => w().no_sessions),
      rows.element,
      this.form_,
    );
    on_sessions(() => rows.update(host.sessions));
    feeds.channels.on_change(() => this.offer_rooms());
    this.offer_rooms();
  }

  /** Also after a change of language. */
  offer_rooms(): void {
    const rooms = (feeds.channels.value ?? []).map(({ id, title }): [string, string] => [id, title]);
    set_options(this.channel_.input, [["", w().no_room], ...rooms]);
  }

  /** Fills the form in for a session of the IETF, whose room has just been added. */
  propose(channel: HostChannel, ietf: Ietf): void {
    this.offer_rooms();
    this.title_.input.value = channel.title;
    this.meeting_.input.value = ietf.meeting;
    this.id_.input.value = ietf.session_id;
    this.channel_.input.value = channel.id;
    const more = this.form_.querySelector("details");
    if (more) more.open = true;
    focus_on(this.form_);
    this.title_.input.focus({ preventScroll: true });
  }

  private open_(event: Event): void {
    event.preventDefault();
    const value = (input: HTMLInputElement | HTMLSelectElement): string => input.value.trim();
    const title = value(this.title_.input);
    if (!title) {
      this.title_.input.focus();
      return this.task_.fail(() => w().need_title);
    }
    const body: NewSession = { title };
    for (const name of ["acronym", "meeting", "id", "channel"] as const) {
      const text = value(this[`${name}_`].input);
      if (text) body[name] = text;
    }
    const start = value(this.start_.input) ? time_today(value(this.start_.input)) : null;
    if (start) body.start = start;
    const end = value(this.end_.input) ? time_after(value(this.end_.input), start ?? new Date().toISOString()) : null;
    if (end) body.end = end;
    void this.task_.run(async () => {
      const session = await api.open_session(body);
      for (const one of [this.title_, this.acronym_, this.meeting_, this.id_, this.start_, this.end_]) one.input.value = "";
      this.channel_.input.value = "";
      say(() => (session.state === "upcoming" ? w().session_planned(title) : w().session_opened(title)));
      await reload();
    });
  }
}

function card(now: () => HubSession): HTMLElement {
  const task = new Task();
  const ended = (): boolean => now().state === "closed";
  const end = field(() => (ended() ? w().end_was : w().end_label), { type: "time", class: "short" });
  end.input.value = time_value(now().end);
  let offered = now().end;
  // What the hub says goes into the field as long as nobody has typed another time.
  on_sessions(() => {
    if (now().end === offered) return;
    if (end.input.value === time_value(offered)) end.input.value = time_value(now().end);
    offered = now().end;
  });
  const change = async (): Promise<void> => {
    const at = time_after(end.input.value, now().start);
    if (!at) {
      end.input.focus();
      return task.fail(() => w().bad_time);
    }
    await task.run(async () => {
      await api.change_session(now().id, { end: at });
      say(() => w().end_changed(clock(at)));
      await reload();
    });
  };
  const close = async (): Promise<void> => {
    const { id, title } = now();
    if (!(await sure(() => w().everybody_left, () => w().everybody_left_sure(title), () => w().everybody_left_yes))) return;
    await api.close_session(id);
    say(() => w().session_is_closed(title));
    await reload();
  };
  const about = (): string => {
    const { acronym, meeting, channel } = now();
    const room = feeds.channels.value?.find((one) => one.id === channel)?.title ?? channel ?? "";
    return [acronym ? acronym.toUpperCase() : "", meeting ? w().meeting_number(meeting) : "", room].filter(Boolean).join(" · ");
  };
  return h(
    "li",
    { class: "card session-row", "data-session": now().id, "data-state": () => now().state },
    h(
      "div",
      { class: "channel-head" },
      h("h3", { dir: "auto" }, () => now().title),
      h("span", { class: () => (now().state === "open" ? "badge live" : forgotten(now().id) ? "badge late" : "badge") }, () => words_of_state(now())),
    ),
    h("p", { class: "meta" }, h("span", {}, () => w().from_to(clock(now().start), clock(now().end))), h("span", { dir: "auto", hidden: () => about() === "" }, about)),
    h("p", { class: "hint", hidden: () => !forgotten(now().id) }, () => w().forgotten_text),
    h(
      "form",
      { class: "inline", novalidate: true, on: { submit: (event) => { event.preventDefault(); void change(); } } },
      end.element,
      h("button", { type: "submit", class: "outline", "aria-busy": () => (task.busy ? "true" : null), "aria-label": () => w().change_end_of(now().title) }, () => w().change_end),
    ),
    problem_line(task),
    h(
      "div",
      { class: "row" },
      action(() => w().everybody_left, task, close, { class: "danger-outline", hidden: () => now().state !== "open", "aria-label": () => w().everybody_left_of(now().title) }),
    ),
    h("p", { class: "hint", hidden: () => now().state !== "upcoming" }, () => w().upcoming_text(clock(now().sign_in_from ?? now().start))),
  );
}

/** Words for a session in a choice. */
export function session_option(session: HubSession): [string, string] {
  return [session.id, `${session.title} (${words_of_state(session)}, ${w().from_to(clock(session.start), clock(session.end))})`];
}

