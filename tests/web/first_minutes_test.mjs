import assert from "node:assert/strict";
import { describe } from "node:test";
import { player_in, player_now } from "./browser.mjs";
import { choose, enter, eventually, fill, persons, submit } from "./lib/world.mjs";

const kMinute = 60_000;
const iso = (ms) => new Date(ms).toISOString();
const tap = (page, nth) => page.locator("[data-channel=room-1].channel .pair button").nth(nth).click();
const media = (hub) => hub.requests.filter((request) => /\/hls|\/audio/.test(request));

/** A session of the hub's day. */
const session = (id, title, from_min, to_min, more = {}) => ({
  id, title, acronym: id, meeting: "127", channel: null, start: iso(Date.now() + from_min * kMinute), end: iso(Date.now() + to_min * kMinute),
  state: from_min > 0 ? "upcoming" : "open", sign_in_from: iso(Date.now() + (from_min - 60) * kMinute), ...more,
});

export default (world) => {
  describe("the first play", () => {
    world.test("asks for headphones before any sound, once on this phone, and goes on with one tap", async (open, hub) => {
      const page = await open();
      await enter(page);
      await tap(page, 0);
      const dialog = page.locator("dialog.headphones");
      assert.match(await dialog.innerText(), /vient des haut-parleurs[\s\S]*Mettez des écouteurs/);
      assert.equal(await dialog.locator("button:visible").count(), 2, "go on, or close");
      assert.deepEqual(media(hub), []);
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".player").isVisible(), false);
      await tap(page, 0);
      await dialog.locator(".primary").click();
      await player_in(page, "playing");
      assert.equal(await page.evaluate(() => document.activeElement.id), "player-title");
      await page.reload();
      await page.locator(".presence .badge.ok").waitFor();
      await tap(page, 0);
      await player_in(page, "playing");
    });

    world.test("may be a picture without sound; the sound is asked about later", async (open) => {
      const page = await open();
      await enter(page);
      await tap(page, 1);
      await page.locator("dialog.headphones .outline").click();
      await player_in(page, "playing");
      assert.equal(await page.locator("video").evaluate((video) => video.muted), true);
      assert.equal(await page.locator(".volume button").getAttribute("aria-pressed"), "true");
      await page.reload();
      await page.locator(".presence .badge.ok").waitFor();
      await tap(page, 0);
      await page.locator("dialog.headphones[open]").waitFor();
    });
  });

  describe("a full network", () => {
    world.test("known before: the room says so, and whoever was about to watch hears", async (open, hub) => {
      hub.channels[0].watch = false;
      const page = await open();
      await enter(page);
      await page.locator("[data-channel=room-1] .full", { hasText: "Le réseau de la salle est plein" }).waitFor();
      await choose(page, "video");
      await player_in(page, "playing");
      assert.equal((await player_now(page)).mode, "audio");
      await page.locator(".player .reason", { hasText: "Le réseau de la salle est plein. Voici le son" }).waitFor();
      assert.deepEqual(media(hub).filter((request) => request.includes("/hls")), [], "nothing of the picture is asked for");
      hub.channels[0].watch = true;
      hub.push();
      await eventually(async () => !(await page.locator(".player .reason").isVisible()), "the reason is gone");
      await page.locator(".modes button").nth(1).click();
      await page.locator('.player[data-mode="video"][data-state="playing"]').waitFor();
    });

    world.test("known by the answer only: 503 lan_full turns to the sound at once", async (open, hub) => {
      hub.faults.set("GET /hls/room-1/master.m3u8", { status: 503, body: { code: "lan_full", error: "plein" } });
      const page = await open();
      await enter(page);
      await choose(page, "video");
      await page.locator('.player[data-mode="audio"][data-state="playing"]').waitFor();
      await page.locator(".player .reason", { hasText: "Le réseau de la salle est plein" }).waitFor();
      assert.equal(hub.requests.filter((request) => request.includes("master")).length, 1);
    });

    world.test("another 503 is no such thing: the picture is tried again", async (open, hub) => {
      hub.faults.set("GET /hls/room-1/master.m3u8", { status: 503, body: { code: "busy", error: "démarre" } });
      const page = await open();
      await enter(page);
      await choose(page, "video");
      await player_in(page, "reconnecting");
      hub.faults.clear();
      await page.locator('.player[data-mode="video"][data-state="playing"]').waitFor();
    });
  });

  describe("replays", () => {
    world.test("are called so, with their position; a pause is a pause and no fault", async (open, hub) => {
      hub.channels[0].replay = { position_s: 750, duration_s: 3600, paused: false, starts_at: null };
      const page = await open();
      await enter(page);
      const room = page.locator("[data-channel=room-1]").first();
      assert.match(await room.innerText(), /Rediffusion[\s\S]*12 min sur 60/);
      hub.channels[0] = { ...hub.channels[0], state: "slate", reason: { code: "paused", error: "pause" }, replay: { ...hub.channels[0].replay, paused: true } };
      hub.push();
      await page.locator("[data-channel=room-1] .badge", { hasText: "Pause, discussion" }).waitFor();
      assert.equal(await page.locator("[data-channel=room-1] .reason").isVisible(), false);
      await choose(page, "audio");
      await player_in(page, "playing");
      assert.equal(await page.locator(".player-state [role=status]").innerText(), "Pause, discussion");
      hub.channels[0] = { ...hub.channels[0], state: "idle", reason: null, replay: { position_s: 0, duration_s: 3600, paused: false, starts_at: iso(Date.now() + 3600_000) } };
      hub.push();
      await page.locator("[data-channel=room-1]", { hasText: /commence à \d\d:\d\d/ }).first().waitFor();
    });
  });

  describe("sessions", () => {
    world.test("the one of now is said, with its time where the hub is", async (open, hub) => {
      hub.host.sessions = [session("dnsop", "DNS Operations", -10, 50, { start: "2027-01-15T14:00:00.000Z", end: "2027-01-15T15:30:00.000Z" })];
      hub.hub.time_zone = "Africa/Nairobi";
      const page = await open();
      assert.equal(await page.locator(".sign-in .session").innerText(), "DNS Operations, de 17:00 à 18:30");
      assert.equal(await page.locator(".sign-in fieldset:visible").count(), 0, "no choice where there is none");
      await enter(page);
      assert.equal("session" in hub.bodies[0], false, "the hub knows which one is now");
    });

    world.test("of several that take sign-ins one is chosen; later ones are not offered yet", async (open, hub) => {
      hub.host.sessions = [session("dnsop", "DNS Operations", -10, 50), session("talk", "Exposé", 30, 90), session("late", "Le soir", 300, 360)];
      const page = await open();
      assert.deepEqual((await page.locator(".sign-in .option:visible").allInnerTexts()).map((text) => text.split(",")[0]), ["DNS Operations", "Exposé"]);
      assert.equal(await page.locator(".sign-in input[value=dnsop]").isChecked(), true);
      await page.locator(".sign-in input[value=talk]").check();
      await fill(page);
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal(hub.bodies[0].session, "talk");
      await page.locator(".presence .again button", { hasText: "DNS Operations" }).click();
      await eventually(() => persons(hub)[0].attendance.length === 2, "in both");
      await eventually(async () => (await page.locator(".again button").count()) === 0, "nothing left to join");
    });

    world.test("the next one opens while the page is open: one tap for everybody of this phone", async (open, hub) => {
      hub.host.sessions = [session("dnsop", "DNS Operations", -10, 50), session("talk", "Exposé", 200, 260)];
      const page = await open();
      await fill(page);
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      await page.locator(".presence button", { hasText: "Ajouter" }).click();
      await fill(page, { name: "Moussa Keïta" });
      await submit(page);
      await page.locator(".presence", { hasText: "Moussa Keïta" }).waitFor();
      assert.equal(await page.locator(".again button").count(), 0);

      hub.host.sessions[0].state = "closed";
      hub.push_sessions();
      const status = page.locator(".presence [role=status]");
      await page.locator(".presence", { hasText: "La séance est finie" }).waitFor();
      assert.match(await status.innerText(), /La séance est finie. Merci/);

      hub.host.sessions[1].state = "open";
      hub.push_sessions();
      await page.locator(".again button", { hasText: /Je suis là[\s\S]*Exposé/ }).waitFor();
      assert.match(await status.innerText(), /Vous êtes là/, "said politely");
      assert.equal(await page.locator(".presence .names").innerText(), "Awa Traoré, Moussa Keïta");
      assert.equal(await page.locator(".presence button", { hasText: "Quelqu’un d’autre" }).isVisible(), true);
      await page.locator(".again button").click();
      await page.locator(".presence .badge.ok").waitFor();
      assert.deepEqual(persons(hub).map((person) => person.attendance.map((entry) => entry.session_id)), [["dnsop", "talk"], ["dnsop", "talk"]]);
      assert.equal(hub.bodies.length, 2, "nothing was asked a second time");
    });

    world.test("the next day the names are there, and somebody else may sign in", async (open, hub) => {
      const page = await open();
      await fill(page);
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      for (const device of hub.devices.values()) for (const person of device.persons) person.attendance[0].last_out = iso(Date.now() - 12 * 60 * kMinute);
      await page.reload();
      await page.locator(".again button", { hasText: "Je suis là" }).waitFor();
      assert.equal(await page.locator(".sign-in").isVisible(), false);
      await page.locator(".presence button", { hasText: "Quelqu’un d’autre" }).click();
      await fill(page, { name: "Moussa Keïta" });
      await submit(page);
      await page.locator(".presence", { hasText: "Moussa Keïta" }).waitFor();
    });

    world.test("a tap that the hub refuses is explained, and can be made again", async (open, hub) => {
      const page = await open();
      await enter(page);
      await page.locator(".presence button", { hasText: "Je pars" }).click();
      hub.faults.set("POST /api/v1/sign-in/again", { status: 503, body: { code: "busy", error: "Le hub est occupé." } });
      await page.locator(".again button").click();
      await page.locator(".presence [role=status]", { hasText: "Le hub est occupé." }).waitFor();
      hub.faults.clear();
      await page.locator(".again button").click();
      await page.locator(".presence .badge.ok").waitFor();
    });
  });

  describe("the code", () => {
    world.test("stands in the card, and makes another browser known again", async (open, hub) => {
      const page = await open();
      await fill(page);
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      const [device] = hub.devices.values();
      assert.ok((await page.locator(".presence .code").innerText()).includes(`Votre code\u00a0: ${device.code}`));

      const other = await open();
      await other.locator(".code-entry > button").click();
      await other.waitForFunction(() => document.activeElement.name === "code");
      await other.keyboard.press("Enter");
      await other.locator(".code-entry .problem", { hasText: "Écrivez le code" }).waitFor();
      for (const wrong of ["AAAAAA", "BBBBBB"]) {
        await other.locator("input[name=code]").fill(wrong);
        await other.keyboard.press("Enter");
        await other.locator(".code-entry .problem", { hasText: "Ce code n’est pas connu." }).waitFor();
      }
      await other.locator(".code-entry .problem", { hasText: "dans 4 s" }).waitFor();
      await other.locator("input[name=code]").fill(` ${device.code.slice(0, 3).toLowerCase()}-${device.code.slice(3)} `);
      await other.keyboard.press("Enter");
      await other.locator(".presence", { hasText: "Awa Traoré" }).waitFor();
      await other.reload();
      await other.locator(".presence", { hasText: "Awa Traoré" }).waitFor();
    });

    world.test("is still shown while the hub is lost for long, with what to do", async (open, hub) => {
      const page = await open();
      await enter(page);
      const [device] = hub.devices.values();
      await page.locator("[data-channel=room-1]").waitFor();
      await page.clock.install();
      await hub.stop();
      await page.locator(".banner", { hasText: "revient toute seule" }).waitFor();
      await page.clock.fastForward(40_000);
      await page.locator(".banner", { hasText: "visez encore le code QR" }).waitFor();
      assert.ok((await page.locator(".banner").innerText()).includes(device.code));
      await hub.start();
      await page.clock.fastForward(20_000);
      await eventually(async () => !(await page.locator(".banner").isVisible()), "the banner is gone");
    });
  });

  describe("the IETF in 2 minutes", () => {
    world.test("is fetched when it is opened, in the language shown, and read with the keyboard", async (open, hub) => {
      const page = await open();
      const before = hub.requests.length;
      await page.locator(".glossary-button").focus();
      await page.keyboard.press("Enter");
      await page.locator(".glossary dt").first().waitFor();
      assert.equal(await page.locator(".glossary dt").count(), 20);
      assert.match(await page.locator(".glossary").innerText(), /fredonner/);
      assert.equal(hub.requests.slice(before).filter((request) => request.endsWith(".js")).length, 1, "one file, that of French");
      assert.equal(await page.evaluate(() => document.activeElement.innerText), "L’IETF en 2 minutes");
      const scrolled = () => page.locator("dialog.glossary-dialog").evaluate((dialog) => dialog.scrollTop);
      await page.keyboard.press("PageDown");
      await eventually(async () => (await scrolled()) > 100, "the keyboard moves the text");
      await page.keyboard.press("Escape");
      await eventually(() => page.evaluate(() => document.activeElement.matches(".glossary-button")), "the focus is back");
      await page.locator(".languages button", { hasText: "EN" }).click();
      await page.locator(".glossary-button", { hasText: "The IETF in 2 minutes" }).click();
      await page.locator(".glossary", { hasText: "to hum" }).waitFor();
    });

    world.test("says that the hub is away, and comes when it is back", async (open, hub) => {
      const page = await open();
      await hub.stop();
      await page.locator(".glossary-button").click();
      await page.locator("dialog.glossary-dialog .problem", { hasText: "n’a pas répondu" }).waitFor();
      await hub.start();
      await page.keyboard.press("Escape");
      await eventually(async () => {
        await page.locator(".glossary-button").click();
        const there = await page.locator(".glossary dt").first().waitFor({ timeout: 1000 }).then(() => true, () => false);
        if (!there) await page.keyboard.press("Escape");
        return there;
      }, "the terms");
    });
  });
};
