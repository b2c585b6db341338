import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { bundle } from "../../player/web/build.mjs";
import { open_page } from "./browser.mjs";
import { FakeHub } from "./lib/fake_hub.mjs";
import { eventually } from "./lib/world.mjs";

/** A made-up language as one file: the words of English with a mark on each, and those of the tablet and the glossary inside. */
function made_up() {
  const source = (path) => readFileSync(new URL(`../../player/web/src/${path}`, import.meta.url), "utf8");
  const mark = (text) => text.replace(/(: |=> |\? |\[|, )"((?:[^"\\]|\\.)+)"/g, '$1"$2~"').replace(/`([^`]+)`/g, "`$1~`");
  const body = (path, name) => mark(source(path)).replace(/^import.*$|^export .*$/gm, "").replace(/^const \w+/m, `const ${name}`).replace(/: \w+ = /, " = ");
  const words = body("i18n/en.ts", "words").replace('"en~"', '"qq"').replace('"English~"', '"Qoqo"');
  return [
    words, body("console/en.ts", "host"), body("kiosk/en.ts", "kiosk"), body("glossary/en.ts", "glossary"),
    "export default words;", "export { host, kiosk, glossary };", "",
  ].join("\n");
}

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

    it("a further one takes one file: page, tablet, host page and glossary speak it", async () => {
      const folder = mkdtempSync(join(tmpdir(), "hub-language-"));
      const hub = new FakeHub(null);
      const pages = [];
      try {
        const file = join(folder, "qq.ts");
        writeFileSync(file, made_up());
        for (const one of await bundle({ further: [file] })) hub.files.set(one.path, one);
        hub.hub.languages = ["qq", "fr"];
        await hub.start();
        const open = async (path, options = {}) => {
          pages.push(await open_page(world.browser, `${hub.url}${path}`, { locale: "bm-ML", ...options }));
          return pages.at(-1);
        };
        const page = await open("/");
        assert.equal(await title(page), "Welcome~");
        assert.equal(await lang(page), "qq");
        assert.deepEqual(await page.locator(".languages button").allInnerTexts(), ["QQ", "FR"]);
        await page.locator(".glossary-button").click();
        await page.locator(".glossary dd", { hasText: "follow a remote meeting together. You are in one.~" }).waitFor();
        const kiosk = await open("/kiosk", { width: 768, height: 1024 });
        assert.match(await kiosk.locator("h1").innerText(), /Please sign in~$/);
        const host = [...hub.files.values()].filter((one) => /^\/console.*\.js$/.test(one.path)).map((one) => one.bytes.toString()).join();
        assert.ok(host.includes("names are hidden: this page may be on the projector.~") || /~/.test(host), "the host page has its words");
        for (const one of pages) assert.deepEqual(one.faults, []);
      } finally {
        for (const one of pages) await one.context().close();
        await hub.stop();
        rmSync(folder, { recursive: true });
      }
    });

    it("a language that lacks a part is named when the page is built", async () => {
      const folder = mkdtempSync(join(tmpdir(), "hub-language-"));
      try {
        const file = join(folder, "qq.ts");
        writeFileSync(file, made_up().replace("host, kiosk, glossary", "host, glossary"));
        await assert.rejects(bundle({ further: [file] }), /No matching export in ".*qq\.ts" for import "kiosk"/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
};
