import assert from "node:assert/strict";
import { describe } from "node:test";
import { button, confirm, focused, hears, open_console, sent } from "./lib/console.mjs";
import { eventually } from "./lib/world.mjs";

const kSessions = "POST /api/v1/host/sessions";
const kMinute = 60_000;
const card = (page, id) => page.locator(`[data-session="${id}"]`);
const opening = (page) => page.locator("#open-session-title ~ form");
/** "HH:MM" in Bamako, which is UTC. */
const at = (ms) => new Date(ms).toISOString().slice(11, 16);

export default (world) => {
  describe("host page: sessions", () => {
    world.test("lists those of today, with their state", async (open, hub) => {
      const page = await open_console(open, hub, "sessions");
      await card(page, "127-maprg").getByText("non close").waitFor();
      await card(page, "127-dnsop").getByText("ouverte").waitFor();
      await card(page, "local-talk").getByText("à venir").waitFor();
      assert.equal(await button(card(page, "127-maprg"), /Tout le monde/).isVisible(), false);
    });

    world.test("opens one in a room until a time; what the hub refuses is said and what was typed stays", async (open, hub) => {
      const page = await open_console(open, hub, "sessions");
      const form = opening(page);
      await form.locator("select[name=channel] option[value=room-1]").waitFor({ state: "attached" });
      await form.locator("input[name=title]").fill("Débat");
      await form.locator("select[name=channel]").selectOption("room-1");
      await button(form, "Ouvrir la séance").click();
      await form.locator(".problem", { hasText: "a déjà une séance ouverte" }).waitFor();
      assert.equal(await form.locator("input[name=title]").inputValue(), "Débat");
      await form.locator("select[name=channel]").selectOption("room-2");
      const end = Date.now() + 45 * kMinute;
      await form.locator("input[name=end]").fill(at(end));
      await button(form, "Ouvrir la séance").click();
      await hears(page, /Débat.*est ouverte/);
      const body = sent(hub, kSessions).at(-1);
      assert.equal(body.channel, "room-2");
      assert.equal(body.end.slice(11, 16), at(end));
      assert.ok(Math.abs(Date.parse(body.end) - end) < kMinute, "today, or past midnight");
      assert.equal(await form.locator("input[name=title]").inputValue(), "");
    });

    world.test("'everybody left' asks first, closes, and the end can be corrected afterwards", async (open, hub) => {
      const page = await open_console(open, hub, "sessions");
      await button(page, "Tout le monde est parti : clore DNS Operations").click();
      await confirm(page, false);
      assert.equal(sent(hub, `${kSessions}/127-dnsop/close`).length, 0);
      await button(page, "Tout le monde est parti : clore DNS Operations").click();
      await confirm(page);
      await hears(page, /est close/);
      await card(page, "127-dnsop").getByText("close", { exact: true }).waitFor();
      await eventually(async () => (await focused(page)) === "H3", "reading goes on at the session");
      const start = Date.parse(hub.host.sessions[1].start);
      await card(page, "127-dnsop").locator("input[type=time]").fill(at(start + 20 * kMinute));
      await button(page, "Changer la fin de DNS Operations").click();
      await hears(page, /La fin est à/);
      assert.equal(at(Date.parse(sent(hub, `${kSessions}/127-dnsop`)[0].end)), at(start + 20 * kMinute));
    });

    world.test("an end before the start is the hub's to refuse, in its words", async (open, hub) => {
      const page = await open_console(open, hub, "sessions");
      const start = Date.parse(hub.host.sessions[1].start);
      const before = new Date(start - 60 * kMinute);
      // Near midnight "an hour before" is another day.
      if (before.getUTCDate() !== new Date(start).getUTCDate()) return;
      await card(page, "127-dnsop").locator("input[type=time]").fill(at(before.getTime()));
      await button(page, "Changer la fin de DNS Operations").click();
      await card(page, "127-dnsop").locator(".problem", { hasText: "La fin est avant le début" }).waitFor();
      assert.equal(await card(page, "127-dnsop").locator("input[type=time]").inputValue(), at(before.getTime()));
    });
  });

  describe("host page: recordings", () => {
    world.test("the size comes first; only a yes fetches; progress and deletion", async (open, hub) => {
      const page = await open_console(open, hub, "recordings");
      await page.getByText("Permission : K. Diarra").waitFor();
      await page.locator("#fetch-title ~ form input[name=uri]").fill("https://example.org/quic.mp4");
      await page.locator("#fetch-title ~ form input[name=title]").fill("QUIC 126");
      await button(page, "Voir la taille").click();
      await page.getByText(/734\sMo à apporter par Internet\. Place libre\s: 42,0\sGo/).waitFor();
      await eventually(async () => (await focused(page)) === "fetch-size", "the size is read out");
      assert.deepEqual(sent(hub, "POST /api/v1/host/recordings"), [{ uri: "https://example.org/quic.mp4", dry_run: true }]);
      await button(page, "Apporter").click();
      await hears(page, /est demandé/);
      assert.deepEqual(sent(hub, "POST /api/v1/host/recordings")[1], { uri: "https://example.org/quic.mp4", title: "QUIC 126" });
      const row = page.locator('[data-recording="rec-1"]');
      hub.host.recordings[0].done_bytes = 367_000_000;
      hub.push_changed(["recordings"]);
      await eventually(async () => (await row.locator("progress").getAttribute("value")) === "367000000", "progress");
      await button(row, "Supprimer QUIC 126").click();
      await confirm(page);
      await hears(page, /QUIC 126 est supprimé/);
      assert.equal(await row.count(), 0);
    });

    world.test("without permission it says what to write, and the hub's refusal is shown", async (open, hub) => {
      hub.host.seed();
      hub.host.permission = "";
      const page = await open_console(open, hub, "recordings");
      await page.locator(".notice", { hasText: "[rights] permission" }).waitFor();
      await page.locator("#fetch-title ~ form input[name=uri]").fill("https://example.org/404");
      await button(page, "Voir la taille").click();
      await page.locator("#fetch-title ~ form .problem", { hasText: "Écrivez dans la configuration" }).waitFor();
      assert.equal(await page.locator("#fetch-title ~ form input[name=uri]").inputValue(), "https://example.org/404");
    });

    world.test("a recording becomes a room at a chosen time", async (open, hub) => {
      hub.host.recordings = [{ id: "quic", title: "QUIC 126", size_bytes: 734e6, done_bytes: 734e6, duration_s: 5400, state: "ready", reason: null, keep_until: null }];
      const page = await open_console(open, hub, "recordings");
      const row = page.locator('[data-recording="quic"]');
      await row.locator("summary").click();
      await row.locator("input[type=time]").fill("23:30");
      await button(row, "Créer la salle").click();
      await hears(page, /QUIC 126 commence à 23:30/);
      const [body] = sent(hub, "POST /api/v1/host/channels");
      assert.equal(body.uri, "recording:quic");
      assert.equal(body.starts_at.slice(11), "23:30:00.000Z");
      await page.locator('[data-channel="added-3"] .replay').waitFor();
    });
  });

  describe("host page: reports and figures", () => {
    world.test("reports of attendees in words, newest first, counted by what and where", async (open, hub) => {
      const report = (id, symptom, text = "") => ({ id, at: new Date().toISOString(), channel: "room-1", symptom, text, player: { mode: "video", state: "stalled", position_s: 61, delay_s: 2.4, errors: ["bufferStalledError"] } });
      hub.host.fault_reports = [report(3, "no_sound", "<b>Rien</b> du tout"), report(2, "stops"), report(1, "no_sound")];
      const page = await open_console(open, hub, "reports");
      await page.locator('.parts .count:visible', { hasText: "3" }).waitFor();
      assert.match(await page.locator(".groups").innerText(), /2\s*Pas de son · DNSOP[^]*1\s*Ça s’arrête/);
      const first = page.locator("[data-report]").first();
      assert.match(await first.innerText(), /Pas de son · DNSOP[^]*<b>Rien<\/b> du tout[^]*Regarder · en attente · à 1:01 · 2,4 s de retard · bufferStalledError/);
      hub.host.fault_reports = [report(4, "late"), ...hub.host.fault_reports];
      hub.push_changed(["reports"]);
      await page.locator('[data-report="4"]', { hasText: "Trop de retard" }).waitFor();
      assert.equal(await page.locator("[data-report]").first().getAttribute("data-report"), "4");
    });

    world.test("figures for each session and in all; export and papers in both languages", async (open, hub) => {
      hub.host.seed();
      hub.host.heads.set("127-dnsop", 17);
      const page = await open_console(open, hub, "summary");
      const row = page.locator('[data-summary="127-dnsop"]');
      await row.waitFor();
      const text = (await row.innerText()).replace(/\s+/g, " ");
      for (const words of ["Avec nom 3", "Sans nom 1", "Comptés 17", "Oui : 1 · Non : 1 · Aimeraient le devenir : 1", "Première réunion Oui : 2 · Non : 1", "Femmes : 2 · Hommes : 1", "Comment êtes-vous venu ? Bus : 2 · À pied : 1"]) {
        assert.ok(text.toLowerCase().includes(words.toLowerCase()), `${words} in: ${text}`);
      }
      assert.match((await page.locator(".all-totals").innerText()).replace(/\s+/g, " "), /avec nom 3/i);
      await page.locator('[data-summary="127-maprg"] .badge', { hasText: "non close" }).waitFor();
      const [file] = await Promise.all([page.waitForEvent("download"), page.locator('a[href="/api/v1/attendance/export?format=csv&lang=fr"]').click()]);
      assert.ok(file.url().endsWith("format=csv&lang=fr"));
      for (const link of ["/api/v1/attendance/export?format=json&lang=en", "/api/v1/host/sheet.pdf?lang=fr", "/api/v1/host/poster.pdf?lang=en"]) {
        assert.equal(await page.locator(`a[href="${link}"]`).count(), 1, link);
      }
    });

    world.test("at the top: the session, its numbers, the address and its code, the machine's warnings", async (open, hub) => {
      hub.host.warnings = [{ code: "ip_forward", text: "Le partage de connexion est actif." }];
      const page = await open_console(open, hub);
      await page.locator(".warnings li", { hasText: "partage de connexion" }).waitFor();
      await page.locator(".way-in", { hasText: "http://192.168.1.20" }).click();
      const code = page.locator("dialog[open] img");
      await code.waitFor();
      assert.ok((await code.evaluate((one) => one.naturalWidth)) > 0, "the code is drawn");
      await page.keyboard.press("Escape");
      await eventually(() => page.evaluate(() => document.activeElement.classList.contains("way-in")), "back where it was");
      hub.host.warnings = [];
      hub.push_changed(["machine"]);
      await eventually(async () => (await page.locator(".warnings li").count()) === 0, "the warning is gone");
      await eventually(async () => (await page.locator(".way-in img").getAttribute("src")).endsWith("v=1"), "the code is drawn anew");
    });

    world.test("goes on by itself after a restart of the hub, and keeps what was typed", async (open, hub) => {
      const page = await open_console(open, hub, "sessions");
      await opening(page).locator("input[name=title]").fill("À moitié écrit");
      await hub.stop();
      await page.locator(".connection", { hasText: "perdue" }).waitFor();
      hub.host.sessions[1].title = "Un autre titre";
      await hub.start();
      await page.locator("#now-title", { hasText: "Un autre titre" }).waitFor();
      await page.locator(".connection", { hasText: "En ligne" }).waitFor();
      assert.equal(await opening(page).locator("input[name=title]").inputValue(), "À moitié écrit");
    });
  });
};
