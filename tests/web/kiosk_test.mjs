import assert from "node:assert/strict";
import { describe } from "node:test";
import { screenshot } from "./browser.mjs";
import { examine } from "./lib/examine.mjs";
import { eventually } from "./lib/world.mjs";

const tablet = { path: "/kiosk", width: 768, height: 1024, hasTouch: true };

async function write(page, name) {
  await page.locator(".kiosk .pair .primary").click();
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=affiliation]").fill("Université de Bamako");
  await page.locator("input[name=member][value=no]").check();
  await page.locator("input[name=first_time][value=yes]").check();
  await page.locator("input[name=consent]").check();
}
const send = (page) => page.locator(".kiosk form button[type=submit]").click();

export default (world) => {
  describe("the tablet at the door", () => {
    world.test("one person after the other: thanks with the name for 5 s, then nothing of the first is left", async (open, hub) => {
      const page = await open(tablet);
      await page.clock.install();
      await write(page, "Awa Traoré");
      await send(page);
      await page.locator(".thanks-card h2", { hasText: "Merci, Awa Traoré\u00a0!" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.innerText), "Merci, Awa Traoré\u00a0!", "read out");
      await page.clock.fastForward(4_000);
      assert.equal(await page.locator(".thanks-card").isVisible(), true);
      await page.clock.fastForward(1_500);
      await page.locator(".kiosk .pair .primary").waitFor();
      assert.doesNotMatch(await page.evaluate(() => document.body.innerHTML), /Awa/);
      await page.locator(".kiosk .pair .primary").click();
      for (const name of ["name", "affiliation", "contact"]) {
        assert.equal(await page.locator(`input[name=${name}]`).inputValue(), "");
        assert.equal(await page.locator(`input[name=${name}]`).getAttribute("autocomplete"), "off");
      }
      assert.equal(await page.locator("input:checked").count(), 0);
      assert.deepEqual(hub.kiosk.map((person) => person.name), ["Awa Traoré"]);
      assert.equal(hub.bodies[0].kiosk, true);
      assert.deepEqual(await page.context().cookies(), []);
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    });

    world.test("without a name: one tap, counted", async (open, hub) => {
      const page = await open(tablet);
      await page.locator(".kiosk .pair .outline").click();
      await page.locator(".thanks-card", { hasText: "Votre présence est comptée" }).waitFor();
      assert.deepEqual(hub.bodies, [{ anonymous: true, kiosk: true }]);
      await page.locator(".thanks-card button").click();
      await page.locator(".kiosk .pair .primary").waitFor();
    });

    world.test("after 45 s without a touch it warns, forgets what was typed, and speaks the hub's first language", async (open) => {
      const page = await open(tablet);
      await page.clock.install();
      await page.locator(".languages button", { hasText: "English" }).click();
      await write(page, "Awa Traoré");
      await page.clock.fastForward(36_000);
      await page.locator(".forgetting", { hasText: "everything is erased" }).waitFor();
      await page.keyboard.press("Shift");
      await eventually(async () => !(await page.locator(".forgetting").isVisible()), "a touch is enough");
      assert.equal(await page.locator("input[name=name]").inputValue(), "Awa Traoré");
      await page.clock.fastForward(46_000);
      await page.locator("h1", { hasText: "Bienvenue" }).waitFor();
      assert.equal(await page.locator("form").isVisible(), false);
      assert.equal(await page.locator("input[name=name]").inputValue(), "");
      assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
    });

    world.test("has no way out: no link, no media, no menu of a long press, and back leads here", async (open, hub) => {
      const page = await open(tablet);
      assert.equal(await page.locator("a, video, audio, [target], iframe").count(), 0);
      const prevented = await page.locator("img").evaluate((img) => ["contextmenu", "dragstart"].map((type) => !img.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }))));
      assert.deepEqual(prevented, [true, true]);
      await write(page, "Awa Traoré");
      await page.evaluate(() => (window.same_page = true));
      await page.goBack().catch(() => null);
      assert.equal(await page.evaluate(() => window.same_page), true);
      assert.equal(await page.locator("input[name=name]").inputValue(), "Awa Traoré");
      assert.deepEqual(hub.requests.filter((request) => /\/hls|\/audio|\/live|\/me$/.test(request)), []);
    });

    world.test("what is missing or refused is said; a hub that is away loses nothing", async (open, hub) => {
      const page = await open(tablet);
      await write(page, "");
      await send(page);
      await eventually(() => page.evaluate(() => document.activeElement.name === "name"), "the name is pointed at");
      await page.locator("input[name=name]").fill("Awa Traoré");
      hub.faults.set("POST /api/v1/sign-in", { status: 400, body: { code: "invalid", error: "Ce nom est refusé.", field: "name" } });
      await send(page);
      await page.locator("form .problem", { hasText: "Ce nom est refusé." }).waitFor();
      hub.faults.clear();
      await hub.stop();
      await send(page);
      await page.locator(".sign > .problem", { hasText: "Le hub n’a pas répondu" }).waitFor();
      await hub.start();
      await send(page);
      await page.locator(".thanks-card", { hasText: "Awa Traoré" }).waitFor();
      assert.equal(hub.kiosk.length, 1);
    });

    world.test("asks which session where several take sign-ins, and offers the phone beside", async (open, hub) => {
      const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
      hub.host.sessions = [
        { id: "dnsop", title: "DNS Operations", start: at(-10), end: at(50), state: "open", sign_in_from: at(-70) },
        { id: "talk", title: "Exposé", start: at(20), end: at(80), state: "upcoming", sign_in_from: at(-40) },
      ];
      const page = await open(tablet);
      await page.locator("input[value=talk]").check();
      await page.locator(".kiosk .pair .outline").click();
      await page.locator(".thanks-card").waitFor();
      assert.equal(hub.bodies[0].session, "talk");
      await page.locator(".thanks-card button").click();
      assert.equal(await page.locator("input[value=dnsop]").isChecked(), true, "the choice of the person before is forgotten");
      assert.equal(await page.locator(".with-phone img").evaluate((img) => img.complete && img.naturalWidth > 0), true);
    });

    for (const [width, height] of [[768, 1024], [1024, 768], [360, 640], [1280, 800]]) {
      for (const locale of ["fr-FR", "en-GB"]) {
        world.test(`every screen has names, order and room to touch: ${locale}, ${width} × ${height}`, async (open, hub) => {
          hub.hub.languages = locale === "fr-FR" ? ["fr", "en"] : ["en", "fr"];
          hub.hub.sign_in = { ask: ["gender", "status"], questions: [{ id: "transport", text: "Transport ?", choices: ["À pied", "Bus", "Moto"] }] };
          const page = await open({ ...tablet, locale, width, height });
          const look = async (name) => {
            assert.deepEqual(await page.evaluate(examine, width < 600 ? 44 : 56), [], name);
            await screenshot(page, `kiosk-${locale.slice(0, 2)}-${width}-${name}`);
          };
          await look("1-start");
          await write(page, "");
          await page.locator("input[name=member][value=wants]").check();
          await send(page);
          await page.locator("form .problem:not(:empty)").first().waitFor();
          await look("2-form");
          await page.locator("input[name=name]").fill("Awa Traoré");
          await page.locator("input[name=contact]").fill("+223 70 12 34 56");
          await send(page);
          await page.locator(".thanks-card h2").waitFor();
          await look("3-thanks");
        });
      }
    }
  });
};
