import assert from "node:assert/strict";
import { describe } from "node:test";
import { button, confirm, focused, hears, open_console, sent } from "./lib/console.mjs";
import { eventually } from "./lib/world.mjs";

const row = (page, id) => page.locator(`[data-channel="${id}"]`);
const kStream = "https://example.org/live.m3u8";

/** A replay of 90 minutes, at 12:34. */
function replay(hub, more = {}) {
  hub.channels.push({ ...hub.channels[0], id: "replay", title: "QUIC", replay: { position_s: 754, duration_s: 5400, paused: true, starts_at: null }, state: "slate", reason: { code: "paused", error: "en pause" }, ...more });
  hub.host.extra.set("replay", { added: true, source: "recording:quic-126", mode: "replay" });
}

export default (world) => {
  describe("host page: rooms", () => {
    world.test("say what they do and why, and follow the hub at once", async (open, hub) => {
      const page = await open_console(open, hub);
      await row(page, "room-1").getByText("En direct").waitFor();
      assert.match(await row(page, "room-1").innerText(), /Spectateurs\s+3\s+Reçu d’Internet\s+123\sMo\s+Source\s+https:/);
      assert.match(await row(page, "room-2").innerText(), /Connexion…[^]*La source ne répond pas/);
      hub.channels[1].state = "live";
      hub.channels[1].reason = null;
      hub.channels[0].viewers = 17;
      hub.push();
      await row(page, "room-2").getByText("En direct").waitFor();
      await row(page, "room-1").getByText("17").waitFor();
      assert.equal(await row(page, "room-2").locator(".reason").isVisible(), false);
    });

    world.test("start and stop; the focus stays; what fails is said in the hub's words", async (open, hub) => {
      const page = await open_console(open, hub);
      await button(page, "Arrêter DNSOP").click();
      await hears(page, /DNSOP est arrêtée/);
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Démarrer DNSOP");
      await button(page, "Démarrer DNSOP").click();
      await hears(page, /DNSOP démarre/);
      assert.equal(sent(hub, "POST /api/v1/host/channels/room-1/start").length, 1);
      hub.faults.set("POST /api/v1/host/channels/room-1/stop", { status: 503, body: { code: "busy", error: "Le hub s’arrête déjà." } });
      await button(page, "Arrêter DNSOP").click();
      await row(page, "room-1").locator(".problem", { hasText: "Le hub s’arrête déjà." }).waitFor();
    });

    world.test("a pasted address is tested and added; a room of the config cannot be removed, an added one can", async (open, hub) => {
      hub.host.tests.set(kStream, { ok: true, tracks: ["H.264 1280x720", "AAC 48000 Hz"], kbps: 1800, title: "Plénière du matin" });
      const page = await open_console(open, hub);
      await page.locator("input[name=uri]").first().fill(kStream);
      await button(page, "Tester").click();
      await page.locator(".result.ok").waitFor();
      assert.match((await page.locator(".result.ok").innerText()).replace(/\s/g, " "), /H\.264 1280x720, AAC 48000 Hz, 1 800 kbit\/s/);
      assert.equal(await page.locator("#channels-title ~ .card input[name=title]").inputValue(), "Plénière du matin");
      await button(page, "Ajouter et démarrer").click();
      await hears(page, /Plénière du matin est ajoutée/);
      assert.deepEqual(sent(hub, "POST /api/v1/host/channels"), [{ title: "Plénière du matin", uri: kStream }]);
      assert.equal(await page.locator("input[name=uri]").first().inputValue(), "");
      assert.equal(await button(page, "Retirer DNSOP").count(), 0);
      await button(page, "Retirer Plénière du matin").click();
      await confirm(page, false);
      assert.equal(hub.channels.length, 3);
      await button(page, "Retirer Plénière du matin").click();
      await confirm(page);
      await hears(page, /est retirée/);
      assert.equal(hub.channels.length, 2);
      await eventually(async () => (await focused(page)) === "channels-title", "reading goes on at the heading");
    });

    world.test("an address that does not work says why, shows that it is being tried, and keeps what was typed", async (open, hub) => {
      const page = await open_console(open, hub);
      const uri = page.locator("input[name=uri]").first();
      await button(page, "Tester").click();
      await page.locator(".test .problem", { hasText: "Collez d’abord" }).waitFor();
      let answer;
      await page.route("**/api/v1/host/test*", async (route) => {
        await new Promise((resolve) => (answer = resolve));
        await route.continue();
      });
      await uri.fill("https://example.org/absent");
      await button(page, "Tester").click();
      await page.locator(".test progress").waitFor();
      await eventually(() => answer, "the hub is asked");
      answer();
      await page.locator(".result.bad", { hasText: "La source ne répond pas" }).waitFor();
      await uri.fill("gopher://x");
      assert.equal(await page.locator(".result:visible").count(), 0, "the result was that of another address");
      await button(page, "Ajouter et démarrer").click();
      await page.locator("#add-channel-title ~ form .problem", { hasText: "Écrivez un titre" }).waitFor();
      await page.locator("#add-channel-title ~ form input[name=title]").fill("X");
      await button(page, "Ajouter et démarrer").click();
      await page.locator("#add-channel-title ~ form .problem", { hasText: "ne connaît pas cette sorte" }).waitFor();
      assert.equal(await uri.inputValue(), "gopher://x");
      await hub.stop();
      await button(page, "Ajouter et démarrer").click();
      await page.locator("#add-channel-title ~ form .problem", { hasText: "n’a pas répondu" }).waitFor();
      assert.equal(await uri.inputValue(), "gopher://x");
      await hub.start();
    });

    world.test("an address of the IETF proposes its session, filled in", async (open, hub) => {
      const page = await open_console(open, hub);
      await page.locator("input[name=uri]").first().fill("ietf:127/34370");
      await page.locator("#add-channel-title ~ form input[name=title]").fill("QUIC");
      await button(page, "Ajouter et démarrer").click();
      await button(page, "Préparer la séance").click();
      const form = page.locator("#open-session-title ~ form");
      await form.waitFor();
      assert.equal(await form.locator("input[name=title]").inputValue(), "QUIC");
      assert.equal(await form.locator("input[name=meeting]").inputValue(), "127");
      assert.equal(await form.locator("input[name=id]").inputValue(), "34370");
      await button(form, "Ouvrir la séance").click();
      await hears(page, /QUIC.*est ouverte/);
      assert.deepEqual(sent(hub, "POST /api/v1/host/sessions"), [{ title: "QUIC", meeting: "127", id: "34370", channel: "added-3" }]);
    });
  });

  describe("host page: replay", () => {
    world.test("pause and resume, jumps, and a time typed", async (open, hub) => {
      replay(hub);
      const page = await open_console(open, hub);
      const card = row(page, "replay");
      await card.locator(".position-words", { hasText: "12:34 / 1:30:00" }).waitFor();
      assert.match(await card.locator(".badge").innerText(), /En pause/);
      await button(card, "Avancer de 5 minutes").click();
      await card.locator(".position-words", { hasText: "17:34" }).waitFor();
      await button(card, "Reculer de 30 secondes").click();
      await card.locator(".position-words", { hasText: "17:04" }).waitFor();
      await card.getByLabel("Aller à").fill("1:02:30");
      await page.keyboard.press("Enter");
      await card.locator(".position-words", { hasText: "1:02:30" }).waitFor();
      await card.getByLabel("Aller à").fill("2:00:00");
      await page.keyboard.press("Enter");
      await card.locator(".problem", { hasText: "au plus 1:30:00" }).waitFor();
      assert.deepEqual(sent(hub, "POST /api/v1/host/channels/replay/seek"), [{ by_s: 300 }, { by_s: -30 }, { position_s: 3750 }]);
      await button(card, "Reprendre QUIC").click();
      await hears(page, /La lecture reprend/);
      await button(card, "Mettre QUIC en pause").waitFor();
      await eventually(async () => (await card.locator(".position-words").innerText()).startsWith("1:02:32"), "the clock runs while it plays");
      await button(card, "Mettre QUIC en pause").click();
      await hears(page, /En pause pour toute la salle/);
    });

    world.test("the bar moves the room when it is let go, with the keyboard too, and says where it stands", async (open, hub) => {
      replay(hub);
      const page = await open_console(open, hub);
      const bar = row(page, "replay").locator("input[type=range]");
      await bar.waitFor();
      await bar.focus();
      await page.keyboard.press("End");
      await eventually(() => sent(hub, "POST /api/v1/host/channels/replay/seek").length === 1, "moved");
      assert.deepEqual(sent(hub, "POST /api/v1/host/channels/replay/seek"), [{ position_s: 5400 }]);
      await eventually(async () => (await bar.getAttribute("aria-valuetext")) === "1:30:00 sur 1:30:00", "said");
      await hears(page, /1:30:00/);
    });

    world.test("one that begins later says when", async (open, hub) => {
      replay(hub, { replay: { position_s: 0, duration_s: 60, paused: false, starts_at: new Date(Date.now() + 3_600_000).toISOString() }, state: "idle", reason: null });
      const page = await open_console(open, hub);
      await row(page, "replay").getByText(/Commence à \d\d:\d\d/).waitFor();
      await row(page, "replay").getByText("0:00 / 1:00").waitFor();
    });
  });
};
