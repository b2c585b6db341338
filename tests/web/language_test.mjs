import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually } from "./lib/world.mjs";

const lang = (page) => page.evaluate(() => document.documentElement.lang);
const title = (page) => page.locator(".sign-in h2").innerText();

export default (world) => {
  describe("language", () => {
    world.test("French for whom we do not know, English for English phones", async (open) => {
      for (const [locale, expected, word] of [["fr-FR", "fr", "Bienvenue"], ["en-GB", "en", "Welcome"], ["bm-ML", "fr", "Bienvenue"]]) {
        const page = await open({ locale });
        assert.equal(await lang(page), expected, locale);
        assert.equal(await title(page), word);
      }
    });

    world.test("is switched at once, keeps what was typed, and is remembered", async (open, hub) => {
      const page = await open();
      await page.locator(".sign-in .pair .primary").click();
      await page.locator("input[name=name]").fill("Awa");
      await page.locator(".languages button", { hasText: "EN" }).click();
      await eventually(async () => (await title(page)) === "Welcome", "English");
      assert.equal(await lang(page), "en");
      assert.equal(await page.locator("input[name=name]").inputValue(), "Awa");
      assert.equal(await page.locator(".languages [aria-pressed=true]").innerText(), "EN");
      assert.doesNotMatch(await page.locator("main").innerText(), /Avec|Sans|Prénom|Membre de/i);
      await page.reload();
      await eventually(async () => (await title(page)) === "Welcome", "still English");
      hub.requests.length = 0;
    });

    world.test("works where the browser refuses to store anything", async (open) => {
      const page = await open();
      await page.addInitScript(() => {
        Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
      });
      await page.reload();
      await page.locator(".languages button", { hasText: "EN" }).click();
      await eventually(async () => (await title(page)) === "Welcome", "English");
    });

    world.test("offers what the hub offers, in its order", async (open, hub) => {
      hub.hub.languages = ["en", "fr"];
      const page = await open({ locale: "bm-ML" });
      assert.deepEqual(await page.locator(".languages button").allInnerTexts(), ["EN", "FR"]);
      assert.equal(await lang(page), "en");
      hub.hub.languages = ["en", "xx"];
      await page.reload();
      await page.locator("h1").waitFor();
      assert.deepEqual(await page.locator(".languages button").allInnerTexts(), ["EN"]);
    });

    world.test("a hub that is still starting is waited for", async (open, hub) => {
      const page = await open();
      hub.faults.set("GET /api/v1/hub", { status: 503, body: { code: "busy", error: "…" } });
      await page.reload();
      await page.locator("#waiting", { hasText: "ne répond pas" }).waitFor();
      hub.faults.clear();
      await page.locator("h1").waitFor();
    });
  });
};
