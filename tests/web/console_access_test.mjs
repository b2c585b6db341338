import assert from "node:assert/strict";
import { describe } from "node:test";
import { button, focused, hears, open_console, sent, show_names } from "./lib/console.mjs";
import { eventually } from "./lib/world.mjs";

const log_in = async (page, passphrase) => {
  await page.locator("input[name=passphrase]").fill(passphrase);
  await page.locator(".login button[type=submit]").click();
};
const parts = (page) => page.locator(".parts a:visible").allInnerTexts();

export default (world) => {
  describe("host page: who may see what", () => {
    world.test("opens at the machine itself; elsewhere it asks for the passphrase", async (open, hub) => {
      const here = await open_console(open, hub);
      await here.locator(".channel-row").first().waitFor();
      assert.equal(await here.locator(".login").isVisible(), false);
      hub.host.local = false;
      const there = await open_console(open, hub);
      await there.locator(".login").waitFor();
      assert.match(await focused(there), /^passphrase/);
      assert.equal(await there.locator(".now").isVisible(), false);
      await log_in(there, hub.host.passphrase);
      await there.locator(".channel-row").first().waitFor();
      assert.equal(await focused(there), "channels-title");
      await there.reload();
      await there.locator(".channel-row").first().waitFor();
    });

    world.test("a wrong passphrase is said, and how long to wait", async (open, hub) => {
      hub.host.local = false;
      const page = await open_console(open, hub);
      await log_in(page, "non");
      await page.locator(".login .problem", { hasText: "n’est pas la bonne" }).waitFor();
      await log_in(page, "non");
      const submit = page.locator(".login button[type=submit]");
      await eventually(async () => /Nouvel essai dans [12] s/.test(await submit.innerText()), "the wait is shown");
      assert.equal(await submit.isDisabled(), true);
      await eventually(async () => (await submit.innerText()) === "Entrer", "the wait is over");
      await log_in(page, hub.host.passphrase);
      await page.locator(".now").waitFor();
    });

    world.test("an organizer sees the summary and the export only", async (open, hub) => {
      hub.host.local = false;
      const page = await open_console(open, hub, "desk");
      await log_in(page, hub.host.organizer);
      await page.locator("#summary-title").waitFor();
      assert.deepEqual(await parts(page), ["Bilan"]);
      assert.equal(await page.locator("[data-names]:visible").count(), 0);
      await page.locator('[data-summary="127-dnsop"]').waitFor();
      assert.match(await page.locator(".figures").innerText(), /présents\s+4\s+avec nom\s+3\s+sans nom\s+1\s/);
      assert.equal(await page.locator("#print-title").isVisible(), false, "sheet and poster are the host's");
      assert.equal(await page.locator('a[href*="attendance/export"]:visible').count(), 4);
      assert.deepEqual(hub.requests.filter((one) => one.includes("/host/")), []);
    });

    world.test("logging out leaves nothing of the people in the page", async (open, hub) => {
      hub.host.local = false;
      const page = await open_console(open, hub, "desk");
      await log_in(page, hub.host.passphrase);
      await page.locator("[data-person]").first().waitFor();
      await show_names(page);
      await button(page, "Quitter").click();
      await page.locator(".login").waitFor();
      assert.equal(sent(hub, "POST /api/v1/logout").length, 1);
      assert.ok(!(await page.content()).includes("Traoré"), "no name is left");
    });

    world.test("a hub that has forgotten the login asks again, and what was typed is still there", async (open, hub) => {
      hub.host.local = false;
      const page = await open_console(open, hub, "desk");
      await log_in(page, hub.host.passphrase);
      await page.locator("textarea[name=paper]").fill("Awa Traoré; Bamako; 9h42");
      hub.host.cookies.clear();
      await hub.stop();
      await page.locator(".banner", { hasText: "perdue" }).waitFor();
      await hub.start();
      await page.locator(".login").waitFor();
      assert.match(await page.locator(".login").innerText(), /ne vous reconnaît plus/);
      await log_in(page, hub.host.passphrase);
      await page.locator("[data-person]").first().waitFor();
      assert.equal(await page.locator("textarea[name=paper]").inputValue(), "Awa Traoré; Bamako; 9h42");
    });
  });

  describe("host page: names", () => {
    world.test("are hidden until they are asked for", async (open, hub) => {
      hub.host.person("🎤", "", "phone");
      const page = await open_console(open, hub, "desk");
      await page.locator("[data-person]").nth(3).waitFor();
      const text = () => page.locator("body").innerText();
      assert.doesNotMatch(await text(), /Traoré|Keïta|Diallo|Université/);
      assert.match(await text(), /A\.\sT\./);
      assert.match(await text(), /personne \d/, "a name without letters");
      for (const name of await page.locator("[data-person] button").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")))) assert.doesNotMatch(name, /Traoré/);
      await show_names(page);
      await page.locator("[data-person]", { hasText: "Awa Traoré" }).waitFor();
      assert.match(await text(), /Université de Bamako/);
      await button(page, "Cacher les noms").click();
      await eventually(async () => !/Traoré/.test(await text()), "hidden again");
    });

    world.test("hide again after two minutes without use, and not before", async (open, hub) => {
      const page = await open_console(open, hub, "desk");
      await page.locator("[data-person]").first().waitFor();
      await page.clock.install();
      await page.reload();
      await show_names(page);
      const seen = page.locator("[data-person]", { hasText: "Awa Traoré" });
      await page.clock.runFor(1000);
      await seen.waitFor();
      await page.clock.runFor(100_000);
      await page.keyboard.press("Shift");
      await page.clock.runFor(100_000);
      assert.equal(await seen.count(), 1, "used in between");
      await page.clock.runFor(25_000);
      assert.equal(await seen.count(), 0);
    });

    world.test("hide when the page is not seen", async (open, hub) => {
      const page = await open_console(open, hub, "desk");
      await page.locator("[data-person]").first().waitFor();
      await show_names(page);
      await page.locator("[data-person]", { hasText: "Awa Traoré" }).waitFor();
      await page.evaluate(() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      });
      await eventually(async () => (await page.locator("[data-person]", { hasText: "Traoré" }).count()) === 0, "hidden");
    });

    world.test("found in a search they are hidden too, and the page says how to see them", async (open, hub) => {
      const page = await open_console(open, hub, "desk");
      await page.locator("input[name=search]").fill("traor");
      const found = page.locator("[data-found]");
      await found.waitFor();
      assert.equal(await found.locator("strong").innerText(), "A.\u00a0T.");
      await page.locator(".names-note", { hasText: "cachés" }).waitFor();
      await page.locator(".names-note [data-names]").click();
      await page.locator("[data-found]", { hasText: "Awa Traoré" }).waitFor();
    });

    world.test("what is said after an action keeps them hidden, and so does a field that is left", async (open, hub) => {
      const page = await open_console(open, hub, "desk");
      await page.locator("[data-person]", { hasText: "A.\u00a0T." }).getByRole("button").click();
      await hears(page, /A\. T\. : départ noté/);
      const field = page.locator("textarea[name=paper]");
      await field.fill("Awa Traoré");
      const color = () => field.evaluate((one) => getComputedStyle(one).color);
      assert.doesNotMatch(await color(), /rgba\(0, 0, 0, 0\)/, "it is being typed");
      await page.locator("input[name=search]").focus();
      assert.match(await color(), /rgba\(0, 0, 0, 0\)/);
    });
  });
};
