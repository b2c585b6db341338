// One day of a viewing hub without Internet, from the morning's sign-in to the evening's export, as the people of the
// room live it: five phones with the page in Chromium, one more that is counted without a name, four people at the
// desk, two on paper. Half-way the power goes and the hub comes back with another address. At the end the summary, the
// exported rows and what this program noted by itself must be the same.
//
//   node day.mjs SETTINGS.json
//
// It runs where the phones are: in a network namespace that reaches the hub's addresses and nothing else. SETTINGS:
//   {"addresses": ["10.77.0.1", "10.77.0.9"], "port": 8080,
//    "start": [argv…], "kill": [argv…], "readdress": [argv…], "cli": [argv…],
//    "passphrase_file": "…"}
// start runs until it is killed; readdress gives the hub's machine its second address instead of the first; cli is
// `viewing-hub`, after which the command's words are put, with the options that name config and data.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { launch, open_page, plays_on, screenshot } from "./browser.mjs";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const kReplay = "salle-1";
const kSlackS = 3; // between a tap here and its event in the log, on a machine that decodes five pictures

const say = (text) => process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seconds_now = () => Date.now() / 1000;

async function until(what, seconds, condition) {
  const end = Date.now() + seconds * 1000;
  let last = "";
  while (Date.now() < end) {
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      last = String(error);
    }
    await pause(100);
  }
  throw new Error(`not within ${seconds} s: ${what} ${last}`);
}

/** The hub's machine: its program, its address, and the API as the host sees it. */
class Hub {
  #process = null;
  #cookie = "";
  #address = 0;

  get url() {
    return `http://${settings.addresses[this.#address]}:${settings.port}`;
  }

  async start() {
    this.#process = spawn(settings.start[0], settings.start.slice(1), { stdio: ["ignore", "inherit", "inherit"] });
    await until("the hub answers", 60, async () => (await fetch(`${this.url}/healthz`)).ok);
  }

  /** As a power cut: nobody is asked. Then the router gives out another address. */
  async lose_power() {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    spawnSync(settings.kill[0], settings.kill.slice(1));
    await gone;
    spawnSync(settings.readdress[0], settings.readdress.slice(1), { stdio: "inherit" });
    this.#address = 1;
    this.#cookie = "";
    await this.start();
    await this.log_in();
  }

  async stop() {
    spawnSync(settings.kill[0], settings.kill.slice(1));
  }

  async log_in() {
    const response = await fetch(`${this.url}/api/v1/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ passphrase: readFileSync(settings.passphrase_file, "utf8").trim() }),
    });
    assert.equal(response.status, 200, "the host logs in");
    this.#cookie = (response.headers.get("set-cookie") ?? "").split(";")[0];
  }

  async ask(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: { "Content-Type": "application/json", Cookie: this.#cookie },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  /** `viewing-hub` on the hub's machine. @returns what it printed */
  run(...words) {
    const { status, stdout, stderr } = spawnSync(settings.cli[0], [...settings.cli.slice(1), ...words], { encoding: "utf8", maxBuffer: 1 << 26 });
    assert.equal(status, 0, `viewing-hub ${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  async channel() {
    return (await this.ask("GET", "/api/v1/channels")).find((channel) => channel.id === kReplay);
  }
}

/** What this program knows by itself: who came to which session, when, and what they answered. */
class Recount {
  #stays = new Map(); // "session person" → {from, to} in seconds of the clock
  #people = new Map();

  person(name, answers) {
    this.#people.set(name, answers);
  }
  comes(session, name, at = seconds_now()) {
    const key = `${session} ${name}`;
    const stay = this.#stays.get(key) ?? { session, name, spans: [] };
    if (stay.spans.at(-1)?.to !== null) stay.spans.push({ from: at, to: null });
    this.#stays.set(key, stay);
  }
  goes(session, name, at = seconds_now()) {
    const span = this.#stays.get(`${session} ${name}`)?.spans.at(-1);
    if (span) span.to ??= at;
  }
  /** Takes back that somebody left. */
  stays(session, name) {
    this.#stays.get(`${session} ${name}`).spans.at(-1).to = null;
  }
  ends(session, at = seconds_now()) {
    for (const stay of this.#stays.values()) if (stay.session === session) this.goes(session, stay.name, at);
  }
  of(session) {
    return [...this.#stays.values()].filter((stay) => session === null || stay.session === session);
  }
  seconds(session, name) {
    return this.#stays.get(`${session} ${name}`).spans.reduce((sum, { from, to }) => sum + to - from, 0);
  }
  /** The figures of a summary, for one session or (null) in all. */
  count(session) {
    const names = new Set(this.of(session).map((stay) => stay.name));
    const answers = [...names].map((name) => this.#people.get(name));
    const those = (test) => answers.filter((entry) => entry && test(entry)).length;
    const named = those((entry) => !entry.anonymous);
    return {
      named,
      anonymous: names.size - named,
      members: { yes: those((e) => e.member === "yes"), no: those((e) => e.member === "no"), wants: those((e) => e.member === "wants") },
      first_time: { yes: those((e) => e.first_time === true), no: those((e) => e.first_time === false) },
    };
  }
}

function parse_csv(text) {
  assert.ok(text.startsWith("\ufeff"), "the CSV begins with a byte-order mark");
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  for (let i = 1; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ";") row.push(cell), (cell = "");
    else if (c === "\n") row.push(cell), rows.push(row), (row = []), (cell = "");
    else if (c !== "\r") cell += c;
  }
  const head = rows.shift();
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}

const hub = new Hub();
const recount = new Recount();
const browser = await launch({ any_autoplay: true });
const phones = [];

/** Opens the page on a new phone and signs in there. */
async function new_phone(answers) {
  const page = await open_page(browser, `${hub.url}/`);
  const phone = { page, name: answers?.name ?? "(without name)", code: "" };
  if (answers) {
    await page.locator(".sign-in .pair .primary").click();
    await page.locator('.sign-in input[name="name"]').fill(answers.name);
    await page.locator('.sign-in input[name="affiliation"]').fill(answers.affiliation);
    await page.locator(`.sign-in input[name="member"][value="${answers.member}"]`).check();
    if (answers.contact) await page.locator('.sign-in input[name="contact"]').fill(answers.contact);
    await page.locator(`.sign-in input[name="first_time"][value="${answers.first_time ? "yes" : "no"}"]`).check();
    await page.locator('.sign-in input[name="consent"]').check();
    await page.locator('.sign-in form:not(.code-form) button[type="submit"]').click();
  } else {
    await page.locator(".sign-in .pair .outline").click();
  }
  await page.locator(".presence .badge.ok").waitFor();
  phone.code = (await page.evaluate(async () => (await fetch("/api/v1/me")).json())).code;
  assert.match(phone.code, /^[0-9A-HJKMNP-TV-Z]{6}$/, "a phone has a code to come back with");
  phones.push(phone);
  return phone;
}

async function follow(phone, mode) {
  const buttons = phone.page.locator(`.channel[data-channel="${kReplay}"] .pair button`);
  await buttons.nth(mode === "video" ? 1 : 0).click();
  // The first play on a phone asks for headphones, once.
  if (!phone.asked) await phone.page.locator(".headphones .primary").click();
  phone.asked = true;
  await plays_on(phone.page, 2, 40_000);
  phone.mode = mode;
}

/** What a phone shows of the recording: the position in the room's time as its playlist has it. */
async function positions() {
  return Promise.all(
    phones.filter((phone) => phone.mode === "video").map((phone) =>
      phone.page.evaluate(() => {
        const video = document.querySelector(".player video");
        return { at: video.currentTime, loads: performance.getEntriesByType("navigation").length };
      })));
}

try {
  say("morning: the hub starts, no Internet");
  await hub.start();
  await hub.log_in();
  const morning = await hub.ask("POST", "/api/v1/host/sessions", {
    title: "DNSOP (rediffusion)", acronym: "dnsop", meeting: "127", channel: kReplay,
    end: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const first = morning.id;

  const attendees = [
    { name: "Awa Traoré", affiliation: "Université de Bamako", member: "wants", first_time: true, contact: "awa@example.org" },
    { name: "Moussa Keïta", affiliation: "ISOC Mali", member: "yes", first_time: false },
    { name: "Fatou « F. » Diarra", affiliation: "=HYPERLINK(\"http://x\")", member: "no", first_time: true },
    { name: "Ibrahim Coulibaly", affiliation: "AGETIC", member: "no", first_time: true },
    { name: "Mariam Sidibé", affiliation: "", member: "yes", first_time: true },
  ];
  for (const answers of attendees) {
    await new_phone(answers);
    recount.person(answers.name, answers);
    recount.comes(first, answers.name);
  }
  await new_phone(null);
  recount.person("(without name)", { anonymous: true });
  recount.comes(first, "(without name)");
  say("six phones have signed in");
  await screenshot(phones[0].page, "day-signed-in");

  const desk = [
    { name: "Oumar Cissé", affiliation: "Lycée technique", member: "no", first_time: true },
    { name: "Kadiatou Sow", affiliation: "", member: "wants", first_time: true, contact: "+223 70 00 00 01", contact_ok: true },
    { name: "Seydou Bâ", affiliation: "Orange", member: "no", first_time: false },
    { name: "Aminata Touré", affiliation: "ISOC Mali", member: "yes", first_time: false },
  ];
  const added = await hub.ask("POST", "/api/v1/host/desk", { session: first, paper: false, persons: desk });
  assert.equal(added.added.length, 4);
  for (const person of desk) {
    recount.person(person.name, person);
    recount.comes(first, person.name);
  }
  const ref_of = Object.fromEntries(added.added.map(({ name, ref }) => [name, ref]));
  await hub.ask("PUT", "/api/v1/host/head-count", { session: first, count: 13 });

  say("the recording begins; three watch, two listen");
  await hub.ask("POST", `/api/v1/host/channels/${kReplay}/start`, {});
  await until("the recording is live", 30, async () => (await hub.channel()).state === "live");
  for (let i = 0; i < 3; ++i) await follow(phones[i], "video");
  for (let i = 3; i < 5; ++i) await follow(phones[i], "audio");

  say("pause for a discussion");
  await hub.ask("POST", `/api/v1/host/channels/${kReplay}/pause`, {});
  await until("the slate is on", 5, async () => (await hub.channel()).state === "slate");
  const held = (await hub.channel()).replay.position_s;
  await pause(6000);
  assert.ok(Math.abs((await hub.channel()).replay.position_s - held) < 0.5, "a pause holds the recording");
  await screenshot(phones[0].page, "day-paused");
  for (const phone of phones.slice(0, 5)) await plays_on(phone.page, 1);
  await hub.ask("POST", `/api/v1/host/channels/${kReplay}/resume`, {});
  await until("the recording goes on", 5, async () => (await hub.channel()).state === "live");
  say("seek");
  await hub.ask("POST", `/api/v1/host/channels/${kReplay}/seek`, { by_s: 30 });
  await until("the room is 30 s further", 8, async () => (await hub.channel()).replay.position_s > held + 25);
  for (const phone of phones.slice(0, 5)) await plays_on(phone.page, 2);
  assert.ok((await positions()).every(({ loads }) => loads === 1), "no page was loaded again");

  say("one leaves, one was marked by mistake");
  await hub.ask("POST", `/api/v1/host/desk/${ref_of["Seydou Bâ"]}/left`, { session: first });
  recount.goes(first, "Seydou Bâ");
  const mistake = await hub.ask("POST", `/api/v1/host/desk/${ref_of["Aminata Touré"]}/left`, { session: first });
  await hub.ask("POST", "/api/v1/host/desk/undo", { change: mistake.change });

  const before = await hub.channel();
  say("the power goes; the hub comes back with another address");
  await hub.lose_power();
  const after = await until("the recording goes on where the room was", 30, async () => {
    const now = await hub.channel();
    return now.state === "live" && now;
  });
  assert.ok(Math.abs(after.replay.position_s - before.replay.position_s) < 15,
    `the room was at ${before.replay.position_s} s and is at ${after.replay.position_s} s`);

  say("the phones come back with their codes");
  for (const phone of phones) {
    await phone.page.goto(`${hub.url}/`);
    await phone.page.locator("h1").waitFor();
    await phone.page.locator(".sign-in .code-entry > button").click();
    await phone.page.locator('.sign-in input[name="code"]').fill(phone.code.toLowerCase());
    await phone.page.locator(".sign-in .code-form button").click();
    await phone.page.locator(".presence .badge.ok").waitFor();
    phone.asked = false; // another address is another site for the browser, which keeps what was said for each
  }
  for (const phone of phones.slice(0, 5)) await follow(phone, phone.mode);
  await screenshot(phones[1].page, "day-after-power-cut");

  say("everybody left the first session");
  await hub.ask("POST", `/api/v1/host/sessions/${encodeURIComponent(first)}/close`, {});
  recount.ends(first);

  say("afternoon: a talk without a stream");
  await hub.ask("POST", `/api/v1/host/channels/${kReplay}/stop`, {});
  const talk = await hub.ask("POST", "/api/v1/host/sessions", { title: "Exposé : l'IETF et nous" });
  const second = talk.id;
  for (const phone of phones.slice(0, 3)) {
    await phone.page.locator(".again button", { hasText: "IETF et nous" }).click();
    await phone.page.locator(".presence .badge.ok").waitFor();
    recount.comes(second, phone.name);
  }
  await hub.ask("POST", "/api/v1/host/desk", { session: second, paper: false, persons: [{ ref: ref_of["Oumar Cissé"] }] });
  recount.comes(second, "Oumar Cissé");
  await hub.ask("PUT", "/api/v1/host/head-count", { session: second, count: 7 });
  const claimed = Date.now();
  await pause(5000);
  await phones[2].page.locator(".presence .row button").last().click();
  await phones[2].page.locator(".presence .badge.ok").waitFor({ state: "hidden" });
  recount.goes(second, phones[2].name);
  await pause(2000);

  say("evening: a paper sheet, then the end");
  const paper = [
    { name: "Bintou Konaté", affiliation: "École", member: "no", first_time: true, at: new Date(claimed).toISOString() },
    { name: "Yaya Dembélé", affiliation: "", member: "no", first_time: false, at: new Date(claimed + 2000).toISOString() },
  ];
  await hub.ask("POST", "/api/v1/host/desk", { session: second, paper: true, persons: paper });
  paper.forEach((person, i) => {
    recount.person(person.name, person);
    recount.comes(second, person.name, (claimed + i * 2000) / 1000);
  });
  await hub.ask("POST", `/api/v1/host/sessions/${encodeURIComponent(second)}/close`, {});
  recount.ends(second);

  say("the figures");
  const summary = JSON.parse(hub.run("attendance", "summary", "--format", "json"));
  const over_http = await hub.ask("GET", "/api/v1/attendance");
  const without_time = ({ at, ...rest }) => rest;
  assert.deepEqual(without_time(over_http), without_time(summary), "the same summary on the command line and over HTTP");
  const rows = parse_csv(hub.run("attendance", "export", "--format", "csv", "--lang", "fr")).filter((row) => row.basis === "declared");
  const groups = (figures) => ({ named: figures.named, anonymous: figures.anonymous, members: figures.members, first_time: figures.first_time });
  for (const [session, head_count] of [[first, 13], [second, 7]]) {
    const shown = summary.sessions.find((entry) => entry.id === session);
    assert.deepEqual(groups(shown), recount.count(session), `summary of ${shown.title}`);
    assert.equal(shown.head_count, head_count);
    assert.equal(shown.present, 0);
    const of_session = rows.filter((row) => row.session_id === session);
    assert.equal(of_session.length, recount.of(session).length, `rows of ${shown.title}`);
    for (const row of of_session) {
      const name = (row.name || "(without name)").replace(/^'(?=[=+@-])/, "");
      const expected = recount.seconds(session, name);
      assert.ok(Math.abs(Number(row.seconds_present) - expected) <= kSlackS, `${name} in ${shown.title}: ${row.seconds_present} s, and ${expected.toFixed(1)} s were seen`);
    }
  }
  assert.deepEqual(groups(summary.totals), recount.count(null), "totals count each person once");
  assert.equal(new Set(rows.map((row) => row.person_ref)).size, summary.totals.named + summary.totals.anonymous);
  const wants = hub.run("attendance", "list", "--wants-to-join");
  for (const word of ["Awa Traoré", "awa@example.org", "Kadiatou Sow"]) assert.ok(wants.includes(word), `${word} wants to join`);
  say(`12 people, ${rows.length} stays in two sessions: summary, export and recount agree`);
  for (const phone of phones) assert.deepEqual(phone.page.faults, []);
} finally {
  await browser.close();
  await hub.stop();
}
