import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, compress } from "../../player/web/build.mjs";
import { screenshot } from "./browser.mjs";
import { button, open_console, show_names } from "./lib/console.mjs";
import { examine } from "./lib/examine.mjs";
import { eventually } from "./lib/world.mjs";

const kFolder = join(dirname(fileURLToPath(import.meta.url)), "../../player/web/src/console");
const { build } = createRequire(join(kFolder, "../../package.json"))("esbuild");
const kParts = ["channels", "sessions", "desk", "recordings", "reports", "summary"];
const kMinute = 60_000;

/** A day with something in every part. */
function busy_day(hub) {
  const { host } = hub;
  host.seed();
  for (const name of ["Aïssata Coulibaly", "Ibrahim Maïga", "Oumou Sangaré", "Jean-Pierre Dembélé"]) host.person(name, "Université de Ségou", "phone", { member: "no", first_time: true });
  host.heads.set("127-dnsop", 17);
  hub.channels[0].session = "127-dnsop";
  hub.channels.push({ ...hub.channels[0], id: "replay", title: "QUIC, hier soir", session: null, viewers: 31, replay: { position_s: 754, duration_s: 5400, paused: false, starts_at: null } });
  host.extra.set("replay", { added: true, source: "recording:quic-126", mode: "replay" });
  host.warnings = [{ code: "ip_forward", text: "Le partage de connexion est actif : les téléphones consommeront votre forfait." }];
  const recording = (id, title, more) => ({ id, title, size_bytes: 734e6, done_bytes: 734e6, duration_s: 5400, state: "ready", reason: null, keep_until: new Date(Date.now() + 20_000 * kMinute).toISOString(), ...more });
  host.recordings = [recording("quic", "QUIC 126", {}), recording("dnsop", "DNSOP 126", { done_bytes: 234e6, state: "fetching", duration_s: null }), recording("tls", "TLS 126", { state: "failed", reason: { code: "not_found", error: "La source ne connaît pas cet enregistrement." } })];
  const report = (id, symptom, text = "") => ({ id, at: new Date().toISOString(), channel: "room-1", symptom, text, player: { mode: "video", state: "stalled", position_s: 61, delay_s: 2.4, errors: ["bufferStalledError"] } });
  host.fault_reports = [report(3, "no_sound", "Plus rien depuis dix minutes"), report(2, "stops"), report(1, "no_sound")];
}

async function words(code) {
  const { outputFiles } = await build({ entryPoints: [join(kFolder, `${code}.ts`)], bundle: true, format: "esm", write: false });
  return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)).default;
}

export default (world) => {
  describe("host page: words and size", () => {
    it("needs less than 60 KB, all of it, and nothing of hls.js", async () => {
      const files = new Map((await bundle()).map((file) => [file.path, file]));
      const wanted = new Set();
      const visit = (path) => {
        if (wanted.has(path) || !files.has(path)) return;
        wanted.add(path);
        for (const [, name] of files.get(path).bytes.toString().matchAll(/["'./](\w+\.[A-Z0-9]{8}\.(?:js|css|svg))["']/g)) visit(`/${name}`);
      };
      visit("/console");
      assert.ok([...wanted].some((path) => path.startsWith("/console.")), "the script was found");
      assert.ok(![...wanted].some((path) => path.startsWith("/hls.")));
      const total = [...wanted].reduce((sum, path) => sum + compress(files.get(path).bytes).length, 0);
      process.stdout.write(`# host page: ${total} bytes compressed\n`);
      assert.ok(total < 60_000, `${total} bytes`);
    });

    it("says the same things in both languages, uses all of them, and prints French as French is printed", async () => {
      const [french, english] = [await words("fr"), await words("en")];
      const shape = (value) => (typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)])) : typeof value);
      assert.deepEqual(shape(english), shape(french));
      const code = readdirSync(kFolder).filter((name) => name.endsWith(".ts") && !/^(fr|en)\.ts$/.test(name)).map((name) => readFileSync(join(kFolder, name), "utf8")).join("\n");
      assert.deepEqual(Object.keys(french).filter((key) => !new RegExp(`w\\(\\)\\.${key}\\b`).test(code)), []);
      const said = (value) => (typeof value === "object" ? Object.values(value).flatMap(said) : typeof value === "function" ? [value(1, 1), value(2, 3), value("a", "b")] : [value]);
      for (const text of said(french)) assert.doesNotMatch(text, /« | [?!;»]| :/, text);
    });
  });

  describe("host page: for everybody", () => {
    for (const [locale, width] of [["fr-FR", 360], ["en-GB", 360], ["fr-FR", 1280], ["en-GB", 1280]]) {
      world.test(`every part has names, order and room to touch: ${locale}, ${width} px`, async (open, hub) => {
        busy_day(hub);
        const page = await open_console(open, hub, "", { locale, width, height: width < 600 ? 740 : 800 });
        const look = async (name) => {
          await page.evaluate(() => scrollTo(0, 0));
          assert.deepEqual(await page.evaluate(examine), [], name);
          await screenshot(page, `console-${locale.slice(0, 2)}-${width}-${name}`, { full: !name.endsWith("dialog") });
        };
        for (const [i, part] of kParts.entries()) {
          await page.locator(`.parts a[href="#${part}"]`).click();
          await eventually(() => page.evaluate((id) => document.activeElement.id === id, `${part}-title`), `the focus is on the heading of ${part}`);
          await page.locator(`section[aria-labelledby="${part}-title"] .card:visible`).first().waitFor();
          if (part === "recordings") await page.locator('[data-recording="quic"] summary').click();
          if (part === "sessions") await page.locator("#open-session-title ~ form summary").click();
          await look(`${i + 1}-${part}`);
        }
        await page.locator('.parts a[href="#desk"]').click();
        await show_names(page);
        await page.locator("input[name=search]").fill("a");
        await page.locator("[data-found]").first().waitFor();
        await page.locator("textarea[name=paper]").fill("Oumou; Bamako; 9h42\n; Ségou");
        await page.locator("#paper-title ~ form button[type=submit]").click();
        await page.locator("#add-people-title ~ form summary").first().click();
        await page.locator("[data-person] button").first().click();
        await page.locator(".said").waitFor();
        await look("7-desk-at-work");
        await page.locator(".way-in").click();
        await look("8-code-dialog");
      });
    }

    world.test("the login, and the page by night", async (open, hub) => {
      busy_day(hub);
      const night = await open_console(open, hub, "channels", { colorScheme: "dark" });
      await night.locator(".replay:visible").waitFor();
      assert.deepEqual(await night.evaluate(examine), []);
      await screenshot(night, "console-dark");
      hub.host.local = false;
      const page = await open_console(open, hub, "", { width: 360, height: 740 });
      await page.locator(".login").waitFor();
      assert.deepEqual(await page.evaluate(examine), []);
      await screenshot(page, "console-login");
    });

    world.test("is English throughout after one press, and keeps what was typed", async (open, hub) => {
      busy_day(hub);
      const page = await open_console(open, hub, "desk");
      await page.locator("textarea[name=paper]").fill("Oumou");
      await page.locator(".languages button", { hasText: "EN" }).click();
      await page.locator("#desk-title", { hasText: "Welcome desk" }).waitFor();
      for (const part of kParts) {
        await page.locator(`.parts a[href="#${part}"]`).click();
        await page.locator(`#${part}-title`).waitFor();
        const seen = await page.locator(".page").evaluate((root) => [root.innerText, ...[...root.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label"))].join("\n"));
        assert.doesNotMatch(seen.replace(/Le partage de connexion.*|La source ne connaît.*|Rejoindre l’IETF.*|Comment êtes-vous.*|Plus rien depuis.*|QUIC, hier soir|Plénière|Français|À pied/g, ""), /[àéèêç]|Séance|Salle|Ajouter|Nom /, part);
      }
      assert.equal(await page.title(), "Host page · ISOC Mali, Bamako");
      assert.equal(await page.locator("textarea[name=paper]").inputValue(), "Oumou");
    });

    world.test("the desk works with the keyboard alone, and the focus is seen", async (open, hub) => {
      hub.host.seed();
      hub.host.person("Ibrahim Maïga", "Ségou", "phone", {}, null);
      const page = await open_console(open, hub, "desk");
      await page.locator("[data-person]").first().waitFor();
      const tab_to = async (wanted) => {
        for (let presses = 0; presses < 60; presses += 1) {
          await page.keyboard.press("Tab");
          const [label, ring] = await page.evaluate(() => {
            const at = document.activeElement;
            return [at.getAttribute("aria-label") ?? at.name ?? at.innerText ?? "", getComputedStyle(at).outlineStyle];
          });
          if (label !== wanted && !(await page.evaluate((text) => document.activeElement.innerText === text, wanted))) continue;
          assert.equal(ring, "solid", `the focus is not seen on ${wanted}`);
          return;
        }
        assert.fail(`not reached with Tab: ${wanted}`);
      };
      await tab_to("Afficher les noms");
      await page.keyboard.press("Enter");
      await tab_to("search");
      await page.keyboard.type("ibra");
      await page.locator("[data-found]").waitFor();
      await tab_to("Ibrahim Maïga est là");
      await page.keyboard.press("Enter");
      await page.locator("[data-person]", { hasText: "Ibrahim Maïga" }).waitFor();
      await tab_to("Noter le départ de Ibrahim Maïga");
      await page.keyboard.press("Space");
      await page.locator(".said", { hasText: "départ noté" }).waitFor();
      await tab_to("Annuler");
      await page.keyboard.press("Enter");
      await button(page, "Noter le départ de Ibrahim Maïga").waitFor();
    });
  });
};
