// A hub to develop and test the page against: the page's files as built, and the API of hub/web/API.md in memory.
//   node lib/fake_hub.mjs      prints an address to open in a browser
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "../../../player/web/build.mjs";
import { FakeHost } from "./fake_host.mjs";
import { Stream } from "./stream.mjs";
import { accept } from "./websocket.mjs";

export const kPolicy = "default-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; style-src 'self'";

const channel = (id, more = {}) => ({
  id, title: id, language: "en", state: "live", reason: null, since: new Date().toISOString(), session: null, kind: "video",
  hls: `/hls/${id}/master.m3u8`, listen: `/hls/${id}/audio.m3u8`,
  audio: { mp3: `/audio/${id}.mp3`, aac: `/audio/${id}.aac` }, on_air: "", viewers: 0, replay: null, watch: true, ...more,
});

const random_code = () => [...randomBytes(6)].map((byte) => "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[byte % 32]).join("");

/** A phone: who signed in on it, and the code that makes it known again. */
class Device {
  persons = [];
  code = random_code();
  /** @param open  whether the session of that id goes on */
  constructor(open) {
    this.open = open;
  }
  get present() {
    return this.persons.some((person) => person.attendance.some((entry) => entry.last_out === null && this.open(entry.session_id)));
  }
  enter(person, session_id) {
    if (person.attendance.some((entry) => entry.session_id === session_id && entry.last_out === null)) return;
    person.attendance.push({ session_id, basis: "declared", first_in: new Date().toISOString(), last_out: null, seconds: 1234 });
  }
  /** As GET /api/v1/me tells it. */
  told() {
    const out = (entry) => (entry.last_out === null && !this.open(entry.session_id) ? new Date().toISOString() : entry.last_out);
    const persons = this.persons.map((person) => ({ ...person, attendance: person.attendance.map((entry) => ({ ...entry, last_out: out(entry) })) }));
    return { persons, present: this.present, code: this.code };
  }
}

export class FakeHub {
  #server = null;
  #sockets = new Set();
  #live = new Set();
  #port = 0;
  #boot = "";
  files = new Map();
  stream = null;

  /** @param stream  what to serve as media, or null */
  constructor(stream = null) {
    this.stream = stream;
    this.reset();
  }

  /** As after the first start: nobody, no fault injected. */
  reset() {
    this.hub = {
      name: "ISOC Mali, Bamako", languages: ["fr", "en"], language: "fr", time_zone: "Africa/Bamako", country: "ML", meeting: "127",
      now: new Date().toISOString(), note_well_url: "https://www.ietf.org/about/note-well/", consent_version: "2026-11",
      privacy: { controller: "ISOC Mali", contact: "donnees@example.org", retention_days: 45 }, sign_in: { ask: [], questions: [] }, session: { id: "local:2027-01-15", title: "15 janvier 2027" },
    };
    this.channels = [
      channel("room-1", { title: "DNSOP", viewers: 3 }),
      channel("room-2", { title: "Plénière", language: "fr", kind: "audio", state: "connecting", reason: { code: "unreachable", error: "name not resolved" } }),
    ];
    this.devices = new Map(); // cookie → Device
    this.kiosk = []; // who signed in at the tablet
    this.bodies = []; // of all sign-ins
    this.wrong_codes = 0;
    this.reports = [];
    this.here = [];
    this.requests = [];
    /** "METHOD /path" → {status, body}: answered instead of the real thing. */
    this.faults = new Map();
    this.websocket = true;
    this.host = new FakeHost(this);
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start() {
    if (this.files.size === 0) for (const file of await bundle()) this.files.set(file.path, file);
    this.#boot = randomBytes(8).toString("hex");
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => {
        process.stderr.write(`fake hub: ${error.stack}\n`);
        response.destroy();
      });
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.on("upgrade", (request, socket) => this.#upgrade(request, socket));
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = this.#server.address().port;
  }

  /** As kill -9 would: all connections are gone at once. The port stays ours for the next start(). */
  async stop() {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Tells all pages the channels as they are now. */
  push() {
    for (const live of this.#live) live.send(JSON.stringify({ t: "channels", channels: this.channels }));
  }

  push_sessions() {
    const frame = { t: "sessions", sessions: this.host.sessions, session: this.host.current() };
    for (const live of this.#live) live.send(JSON.stringify(frame));
    this.push_changed(["sessions"]);
  }

  /** Tells the pages of host and organizer what to ask again. */
  push_changed(what) {
    for (const live of this.#live) if (live.role) live.send(JSON.stringify({ t: "changed", what }));
  }

  #upgrade(request, socket) {
    if (!this.websocket || !request.url.startsWith("/api/v1/live")) {
      socket.destroy();
      return;
    }
    const device = /vh_device=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? null;
    const live = accept(request, socket, {
      on_text: (text) => this.here.push({ ...JSON.parse(text), device }),
      on_close: () => this.#live.delete(live),
    });
    live.role = this.host.role_of(request);
    this.#live.add(live);
    live.send(JSON.stringify({ t: "hub", boot: this.#boot }));
    live.send(JSON.stringify({ t: "channels", channels: this.channels }));
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    if (url.pathname.startsWith("/hls/") || url.pathname.startsWith("/audio/")) {
      const fault = this.#fault(request.method, url.pathname);
      if (fault || !this.stream) {
        response.writeHead(fault?.status ?? 404, { "Content-Type": "application/json" }).end(JSON.stringify(fault?.body ?? {}));
        return;
      }
      return this.stream.serve(url, response);
    }
    if (url.pathname.startsWith("/api/")) return this.#api(request, url, response);
    const file = this.files.get(url.pathname);
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": file.type, "Content-Encoding": "gzip", "Content-Security-Policy": kPolicy, "Cache-Control": "no-store" });
    response.end(gzipSync(file.bytes));
  }

  #fault(method, path) {
    for (const [pattern, fault] of this.faults) {
      const [verb, prefix] = pattern.split(" ");
      if (verb === method && path.startsWith(prefix)) return fault;
    }
    return null;
  }

  async #api(request, url, response) {
    const reply = (status, body, headers = {}) => {
      response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
      response.end(JSON.stringify(body));
    };
    let text = "";
    for await (const chunk of request) text += chunk;
    const fault = this.#fault(request.method, url.pathname);
    if (fault) return reply(fault.status, fault.body ?? {});
    if (request.method !== "GET" && request.headers["content-type"] !== "application/json") {
      return reply(415, { code: "unsupported", error: "Content-Type" });
    }
    const body = text ? JSON.parse(text) : {};
    const cookie = /vh_device=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    const device = cookie ? this.devices.get(cookie) : undefined;
    switch (`${request.method} ${url.pathname}`) {
      case "GET /api/v1/hub":
        return reply(200, { ...this.hub, sessions: this.host.sessions, ...(this.host.sessions.length > 0 ? { session: this.host.current() } : {}) });
      case "GET /api/v1/channels":
        return reply(200, this.channels);
      case "GET /api/v1/me":
        return reply(200, device?.told() ?? { persons: [], present: false });
      case "DELETE /api/v1/me":
        this.devices.delete(cookie);
        return reply(200, { erased: device?.persons.length ?? 0 });
      case "POST /api/v1/sign-in":
        return this.#sign_in(body, url.searchParams.get("lang"), cookie, device, reply);
      case "POST /api/v1/sign-in/again":
        if (!device) return reply(401, { code: "not_authorised", error: "Signez d’abord." });
        for (const person of device.persons) device.enter(person, this.#session(body).id);
        return reply(201, { persons: device.told().persons, session: this.#session(body) });
      case "POST /api/v1/sign-in/code":
        return this.#code(body, reply);
      case "POST /api/v1/sign-out":
        for (const person of device?.persons ?? []) for (const entry of person.attendance) entry.last_out ??= new Date().toISOString();
        return reply(200, { signed_out: device?.persons.length ?? 0 });
      case "POST /api/v1/reports":
        this.reports.push(body);
        return reply(201, { id: this.reports.length });
      default: {
        const answer = this.host.answer(request, url, body);
        if (!answer) return reply(404, { code: "not_found", error: "no such thing" });
        if (!answer.type) return reply(answer.status, answer.body, answer.headers);
        response.writeHead(answer.status, { "Content-Type": answer.type, "Cache-Control": "no-store", ...answer.headers });
        return response.end(answer.body);
      }
    }
  }

  /** The one asked for, else the one of now, else the day. */
  #session({ session }) {
    const sessions = this.host.sessions;
    return sessions.find((one) => one.id === session) ?? (sessions.length > 0 ? this.host.current() : this.hub.session);
  }

  #open(id) {
    const session = this.host.sessions.find((one) => one.id === id);
    return session ? session.state !== "closed" : true;
  }

  #code({ code }, reply) {
    const found = [...this.devices].find(([, device]) => device.code === code);
    if (!found) {
      this.wrong_codes += 1;
      return reply(401, { code: "not_authorised", error: "Ce code n’est pas connu.", ...(this.wrong_codes > 1 ? { retry_after_s: 4 } : {}) });
    }
    return reply(200, found[1].told(), { "Set-Cookie": `vh_device=${found[0]}; HttpOnly; SameSite=Strict; Path=/` });
  }

  #sign_in(body, language, cookie, known, reply) {
    this.bodies.push(body);
    if (!body.anonymous && !body.consent) return reply(400, { code: "invalid", error: "consent" });
    if ((body.member === "wants" || body.contact_ok) && !body.contact) return reply(400, { code: "invalid", error: "contact", field: "contact" });
    const device = (body.kiosk ? null : known) ?? new Device((id) => this.#open(id));
    const id = known && !body.kiosk ? cookie : randomBytes(16).toString("hex");
    const session = this.#session(body);
    const now = new Date().toISOString();
    const ref = `p-${randomBytes(4).toString("hex")}`;
    const { name, affiliation, member, first_time, gender, status, contact, contact_ok, answers } = body;
    const person = body.anonymous
      ? { ref, anonymous: true, attendance: [] }
      : { ref, anonymous: false, name, affiliation, email: null, member, first_time, gender, status, contact, contact_ok, answers, consent: { version: this.hub.consent_version, language, at: now }, attendance: [] };
    const same = device.persons.find((other) => other.name === person.name && other.anonymous === person.anonymous);
    if (!same) device.persons.push(person);
    device.enter(same ?? person, session.id);
    if (body.kiosk) {
      this.kiosk.push(person);
      return reply(201, { person, session, signed_in_at: now });
    }
    this.devices.set(id, device);
    const headers = known ? {} : { "Set-Cookie": `vh_device=${id}; HttpOnly; SameSite=Strict; Path=/` };
    return reply(201, { person: same ?? person, session, signed_in_at: now }, headers);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const stream = new Stream();
  stream.start();
  const hub = new FakeHub(stream);
  await hub.start();
  process.stdout.write(`${hub.url}\n`);
}
