// The host's half of hub/web/API.md in memory: roles, sessions, desk, channels, recordings, reports and figures.
import { randomBytes } from "node:crypto";

const kLinesMost = 500;
const kMinute = 60_000;

const iso = (ms) => new Date(ms).toISOString();
const fail = (status, code, error, more = {}) => ({ status, body: { code, error, ...more } });
const ok = (body, status = 200) => ({ status, body });

/** A square that looks like a QR code, for the eye only. */
function code_svg() {
  const modules = [];
  for (let y = 0; y < 21; y += 1) for (let x = 0; x < 21; x += 1) if ((x * 7 + y * 13 + x * y) % 3 === 0) modules.push(`M${x} ${y}h1v1h-1z`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 25 25"><path fill="#fff" d="M-2-2h25v25h-25z"/><path d="${modules.join("")}"/></svg>`;
}

export class FakeHost {
  passphrase = "cheval agrafe pile";

  /** @param hub  the FakeHub whose channels and reports these are */
  constructor(hub) {
    this.hub = hub;
    this.reset();
  }

  /** A hub without sessions or people. */
  reset() {
    /** The page is opened at the machine itself: host without a passphrase. */
    this.local = true;
    this.cookies = new Map(); // cookie → role
    this.organizer = "chef de projet";
    this.wrong = 0;
    this.retry_after_s = 2;
    this.sessions = [];
    this.persons = [];
    this.changes = [];
    this.heads = new Map();
    this.permission = "K. Diarra, 2027-03-01";
    this.free_bytes = 42_000_000_000;
    this.recordings = [];
    this.fault_reports = [];
    this.warnings = [];
    this.extra = new Map(); // channel id → what only the host is told
    this.tests = new Map(); // uri → result
    this.sent = []; // "METHOD /path" and body of all changes
  }

  /** A hub in the middle of a day. */
  seed() {
    const now = Date.now();
    this.sessions = [
      { id: "127-maprg", title: "Measurement and Analysis for Protocols", acronym: "maprg", meeting: "127", channel: null, start: iso(now - 180 * kMinute), end: iso(now - 90 * kMinute), state: "closed", forgotten: true },
      { id: "127-dnsop", title: "DNS Operations", acronym: "dnsop", meeting: "127", channel: "room-1", start: iso(now - 30 * kMinute), end: iso(now + 60 * kMinute), state: "open", forgotten: false },
      { id: "local-talk", title: "Rejoindre l’IETF depuis Bamako", acronym: "", meeting: "", channel: null, start: iso(now + 90 * kMinute), end: iso(now + 150 * kMinute), state: "upcoming", forgotten: false },
    ];
    this.person("Awa Traoré", "Université de Bamako", "phone", { member: "yes", first_time: true, gender: "woman" });
    this.person("Moussa Keïta", "Orange Mali", "desk", { member: "wants", first_time: true, gender: "man" });
    this.person("Fatoumata Diallo", "", "paper", { member: "no", first_time: false, gender: "woman" });
    this.person(null, "", "phone");
  }

  /** Somebody at the session now; @param name  null for a device without one */
  person(name, affiliation, via, answers = {}, session = "127-dnsop") {
    const now = iso(Date.now() - 20 * kMinute);
    const person = { ref: `p-${randomBytes(4).toString("hex")}`, name: name ?? "", affiliation, anonymous: name === null, answers, at: new Map([[session, { in: now, out: null, via }]]) };
    if (session === null) person.at.clear();
    this.persons.unshift(person);
    return person;
  }

  current() {
    return this.sessions.find((one) => one.state === "open") ?? { id: "local:2027-01-15", title: "15 janvier 2027", acronym: "", meeting: "", channel: null, start: iso(Date.now()), end: iso(Date.now() + 3_600_000), state: "open" };
  }

  role_of(request) {
    if (this.local) return "host";
    return this.cookies.get(/vh_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]) ?? null;
  }

  channels() {
    return this.hub.channels.map((channel) => ({ mode: "always", source: "https://example.org/live.m3u8", added: false, bytes_in: 123_456_789, restarts: 0, session: null, replay: null, ...channel, ...this.extra.get(channel.id) }));
  }

  /** @returns {{status, body, headers?, type?} | null}  null: no such route */
  answer(request, url, body) {
    const route = `${request.method} ${url.pathname}`;
    const role = this.role_of(request);
    if (request.method !== "GET") this.sent.push({ route, body });
    if (url.pathname === "/api/v1/qr.svg") return { status: 200, body: code_svg(), type: "image/svg+xml" };
    if (route === "GET /api/v1/session") return ok({ role });
    if (route === "POST /api/v1/login") return this.#login(body);
    if (route === "POST /api/v1/logout") {
      this.cookies.clear();
      return ok({});
    }
    const organizers = url.pathname === "/api/v1/attendance" || url.pathname === "/api/v1/attendance/export";
    if (!organizers && !url.pathname.startsWith("/api/v1/host/")) return null;
    if (role !== "host" && !(organizers && role === "organizer")) return fail(401, "not_authorised", "Il faut la phrase de passe.");
    if (route === "GET /api/v1/attendance") return ok(this.summary());
    if (route === "GET /api/v1/attendance/export") {
      return { status: 200, body: url.searchParams.get("format") === "csv" ? "name\r\nAwa Traoré\r\n" : "{}", type: "text/csv", headers: { "Content-Disposition": 'attachment; filename="export"' } };
    }
    const [noun, id, verb] = url.pathname.slice("/api/v1/host/".length).split("/").map(decodeURIComponent);
    const answer = this[`_${noun.replace(/\W/g, "_")}`]?.({ method: request.method, id, verb, body, query: url.searchParams });
    return answer ?? null;
  }

  #login({ passphrase }) {
    const role = { [this.passphrase]: "host", [this.organizer]: "organizer" }[passphrase];
    if (!role) {
      this.wrong += 1;
      return fail(401, "not_authorised", "Cette phrase de passe n’est pas la bonne.", this.wrong > 1 ? { retry_after_s: this.retry_after_s } : {});
    }
    const cookie = randomBytes(8).toString("hex");
    this.cookies.set(cookie, role);
    return { ...ok({ role }), headers: { "Set-Cookie": `vh_session=${cookie}; HttpOnly; SameSite=Strict; Path=/` } };
  }

  _machine() {
    return ok({ addresses: [this.hub.url.replace("127.0.0.1", "192.168.1.20")], warnings: this.warnings });
  }

  _reports() {
    return ok(this.fault_reports);
  }

  _sheet_pdf() {
    return { status: 200, body: "%PDF-1.4\n", type: "application/pdf" };
  }

  _channels({ method, id, verb, body }) {
    if (method === "GET") return ok(this.channels());
    const channel = this.hub.channels.find((one) => one.id === id);
    if (id === undefined) return this.#add_channel(body);
    if (!channel) return fail(404, "not_found", "Cette salle n’existe pas.");
    if (method === "DELETE") {
      if (!this.extra.get(id)?.added) return fail(409, "conflict", "Cette salle est dans la configuration.");
      this.hub.channels = this.hub.channels.filter((one) => one !== channel);
    } else if (verb === "start" || verb === "stop") {
      channel.state = verb === "start" ? "live" : "idle";
      channel.reason = null;
    } else if (channel.replay && verb === "seek") {
      const to = body.position_s ?? channel.replay.position_s + body.by_s;
      channel.replay = { ...channel.replay, position_s: Math.min(channel.replay.duration_s, Math.max(0, to)) };
    } else if (channel.replay && (verb === "pause" || verb === "resume")) {
      const paused = verb === "pause";
      channel.replay = { ...channel.replay, paused };
      channel.state = paused ? "slate" : "live";
      channel.reason = paused ? { code: "paused", error: "L’équipe a mis en pause." } : null;
    } else {
      return fail(409, "conflict", "Cette salle n’est pas un enregistrement.");
    }
    this.hub.push();
    return ok({});
  }

  #add_channel({ title, uri, starts_at }) {
    if (!/^(https?|rtsp|rtmp|srt|ietf|recording|demo):/.test(uri)) return fail(400, "invalid", `Le hub ne connaît pas cette sorte d’adresse : ${uri}`, { field: "uri" });
    const id = `added-${this.hub.channels.length + 1}`;
    const recording = this.recordings.find((one) => uri === `recording:${one.id}`);
    const replay = recording ? { position_s: 0, duration_s: recording.duration_s, paused: false, starts_at: starts_at ?? null } : null;
    this.hub.channels.push({ ...this.hub.channels[0], id, title, session: null, viewers: 0, state: "connecting", replay });
    this.extra.set(id, { added: true, source: uri, bytes_in: 0, mode: recording ? "replay" : "always" });
    this.hub.push();
    const session = /^ietf:(\d+)\/(\w+)$/.exec(uri) ?? /meetecho\.com\/.*?(\d+)\/.*session_id=(\d+)/.exec(uri);
    const made = this.channels().find((one) => one.id === id);
    return ok({ ...made, ...(session ? { ietf: { meeting: session[1], session_id: session[2] } } : {}) }, 201);
  }

  _test({ body }) {
    return ok(this.tests.get(body.uri) ?? { ok: false, code: "unreachable", error: "La source ne répond pas." });
  }

  _sessions({ id, verb, body }) {
    const session = this.sessions.find((one) => one.id === id);
    if (id === undefined) return this.#open_session(body);
    if (!session) return fail(404, "not_found", "Cette séance n’existe pas.");
    if (verb === "close") {
      Object.assign(session, { state: "closed", end: iso(Date.now()) });
      for (const person of this.persons) {
        const at = person.at.get(id);
        if (at && !at.out) at.out = session.end;
      }
    } else if (body.end !== undefined) {
      if (!(Date.parse(body.end) > Date.parse(session.start))) return fail(400, "invalid", "La fin est avant le début.");
      session.end = body.end;
    }
    this.hub.push_sessions();
    return ok(session);
  }

  #open_session({ title, acronym = "", meeting = "", id, channel = null, start, end }) {
    if (this.sessions.some((one) => one.id === id)) return fail(409, "conflict", "Ce numéro est déjà pris.");
    if (channel && this.sessions.some((one) => one.state === "open" && one.channel === channel)) return fail(409, "conflict", "Cette salle a déjà une séance ouverte.");
    const begins = start ?? iso(Date.now());
    const ends = end ?? iso(Date.now() + 6 * 3_600_000);
    if (!(Date.parse(ends) > Date.parse(begins))) return fail(400, "invalid", "La fin est avant le début.");
    const session = { id: id ?? `s-${this.sessions.length + 1}`, title, acronym, meeting, channel, start: begins, end: ends, state: Date.parse(begins) > Date.now() ? "upcoming" : "open", forgotten: false };
    this.sessions.push(session);
    this.hub.push_sessions();
    return ok(session, 201);
  }

  _desk({ method, id, verb, body, query }) {
    const session = this.sessions.find((one) => one.id === (query.get("session") ?? body.session)) ?? this.current();
    if (method === "GET") return ok(this.desk(session, query.get("q") ?? ""));
    if (id === "undo") return this.#undo(body);
    if (verb === "left") {
      const at = this.persons.find((one) => one.ref === id)?.at.get(session.id);
      if (!at) return fail(404, "not_found", "Cette personne n’est pas là.");
      at.out = iso(Date.now());
      return this.#changed("left", [id], session, 200);
    }
    return this.#add_persons(body, session);
  }

  desk(session, q) {
    const text = q.toLowerCase();
    const here = (person) => person.at.get(session.id);
    const shown = (person) => {
      const at = here(person);
      return { ref: person.ref, name: person.name, affiliation: person.affiliation, anonymous: person.anonymous, here: !!at && !at.out, via: at?.via ?? "phone", in: at?.in ?? null, out: at?.out ?? null };
    };
    const counted = this.persons.filter(here);
    const persons = q ? this.persons.filter((one) => !one.anonymous && `${one.name} ${one.affiliation}`.toLowerCase().includes(text)) : counted;
    return {
      session, head_count: this.heads.get(session.id) ?? null, named: counted.filter((one) => !one.anonymous).length, anonymous: counted.filter((one) => one.anonymous).length,
      present: counted.filter((one) => !here(one).out).length, persons: persons.map(shown),
      changes: this.changes.filter((one) => one.session === session.id).map(({ change, what, name, at }) => ({ change, what, name, at })).reverse(),
    };
  }

  #add_persons({ persons, paper }, session) {
    if (persons.length > kLinesMost) return fail(400, "invalid", `Au plus ${kLinesMost} personnes à la fois.`);
    for (const [i, { ref, name }] of persons.entries()) {
      const known = ref === undefined || this.persons.some((one) => one.ref === ref);
      if (!known || (ref === undefined && !name)) return fail(400, "invalid", `Ligne ${i + 1} : il manque le nom.`, { line: i + 1 });
      if (name === "Refusée") return fail(400, "invalid", "Ce nom est refusé.", { line: i + 1 });
    }
    const refs = persons.map(({ ref, name, affiliation, at, ...answers }) => {
      const person = this.persons.find((one) => one.ref === ref) ?? this.person(name, affiliation ?? "", paper ? "paper" : "desk", answers, null);
      person.at.set(session.id, { in: iso(Date.now()), out: null, via: paper ? "paper" : "desk", claimed: at });
      return person.ref;
    });
    return this.#changed("add", refs, session, 201);
  }

  #changed(what, refs, session, status) {
    const change = `c-${randomBytes(3).toString("hex")}`;
    const names = refs.map((ref) => this.persons.find((one) => one.ref === ref)?.name ?? "");
    this.changes.push({ change, what, refs, session: session.id, name: names.join(", "), at: iso(Date.now()) });
    this.hub.push_changed(["desk"]);
    return ok({ change, added: refs.map((ref, i) => ({ ref, name: names[i] })) }, status);
  }

  #undo({ change }) {
    const done = this.changes.find((one) => one.change === change);
    if (!done) return fail(409, "conflict", "C’est déjà annulé.");
    this.changes = this.changes.filter((one) => one !== done);
    for (const ref of done.refs) {
      const person = this.persons.find((one) => one.ref === ref);
      if (done.what === "left") person.at.get(done.session).out = null;
      else person.at.delete(done.session);
    }
    this.hub.push_changed(["desk"]);
    return ok({});
  }

  _head_count({ body }) {
    if (!Number.isInteger(body.count) || body.count < 0) return fail(400, "invalid", "Ce nombre n’est pas possible.");
    this.heads.set(body.session ?? this.current().id, body.count);
    this.hub.push_changed(["desk"]);
    return ok({});
  }

  _recordings({ method, id, body }) {
    if (method === "GET") return ok({ permission: this.permission, free_bytes: this.free_bytes, recordings: this.recordings });
    if (method === "DELETE") {
      this.recordings = this.recordings.filter((one) => one.id !== id);
      return ok({});
    }
    if (!this.permission) return fail(403, "not_authorised", "Écrivez dans la configuration : [rights] permission = \"qui, quand\".");
    if (body.uri.includes("404")) return fail(404, "not_found", "La source ne connaît pas cet enregistrement.");
    if (body.dry_run) return ok({ size_bytes: 734_000_000, free_bytes: this.free_bytes, starts_at: null });
    const recording = { id: `rec-${this.recordings.length + 1}`, title: body.title ?? "dnsop.mp4", size_bytes: 734_000_000, done_bytes: 0, duration_s: null, state: "fetching", reason: null, keep_until: null };
    this.recordings.push(recording);
    this.hub.push_changed(["recordings"]);
    return ok(recording, 201);
  }

  summary() {
    const count = (persons, key) => {
      const counts = {};
      for (const { answers } of persons) if (answers[key] !== undefined) counts[answers[key] === true ? "yes" : answers[key] === false ? "no" : answers[key]] = (counts[answers[key] === true ? "yes" : answers[key] === false ? "no" : answers[key]] ?? 0) + 1;
      return counts;
    };
    const totals = (persons, head_count) => ({
      named: persons.filter((one) => !one.anonymous).length, anonymous: persons.filter((one) => one.anonymous).length, head_count,
      members: count(persons, "member"), first_time: count(persons, "first_time"), gender: count(persons, "gender"), status: count(persons, "status"),
      answers: { transport: { Bus: 2, "À pied": 1 } },
    });
    const of = (session) => this.persons.filter((one) => one.at.has(session.id));
    return {
      hub: this.hub.hub.name, at: iso(Date.now()), questions: [{ id: "transport", text: "Comment êtes-vous venu ?" }],
      sessions: this.sessions.filter((one) => one.state !== "upcoming").map((session) => ({ ...session, present: of(session).filter((one) => !one.at.get(session.id).out).length, ...totals(of(session), this.heads.get(session.id) ?? null) })),
      totals: totals(this.persons.filter((one) => one.at.size > 0), this.heads.size ? Math.max(...this.heads.values()) : null),
    };
  }
}

FakeHost.prototype._poster_pdf = FakeHost.prototype._sheet_pdf;
