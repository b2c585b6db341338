import assert from "node:assert/strict";
import { describe } from "node:test";
import { player_in } from "./browser.mjs";
import { choose, enter, eventually, fill, persons, submit } from "./lib/world.mjs";

export default (world) => {
  describe("my data, and faults", () => {
    world.test("shows everything that is held, in words", async (open) => {
      const page = await open();
      await fill(page, { contact: "awa@example.org", member: "wants", first_time: "no" });
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      await page.locator("footer .my-data").click();
      await page.locator("dialog.me .person").waitFor();
      const text = await page.locator("dialog.me").innerText();
      for (const part of ["Awa Traoré", "Université de Bamako", "awa@example.org", "J’aimerais le devenir", "Non", "texte 2026-11", "déclarée", "20 min", "maintenant"]) {
        assert.ok(text.includes(part), part);
      }
      await page.keyboard.press("Escape");
      await eventually(() => page.evaluate(() => document.activeElement.matches("footer .my-data")), "the focus is back where it was");
    });

    world.test("is erased after a second question only", async (open, hub) => {
      const page = await open();
      await fill(page);
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      await page.locator("footer .my-data").click();
      await page.locator("dialog.me .danger-outline").click();
      await page.locator("dialog.me .confirm .outline").click();
      assert.equal(persons(hub).length, 1, "cancelled");
      await page.locator("dialog.me .danger-outline").click();
      hub.faults.set("DELETE /api/v1/me", { status: 500, body: { code: "io", error: "Le disque est plein." } });
      await page.locator("dialog.me .danger").click();
      await page.locator("dialog.me .problem", { hasText: "Le disque est plein." }).waitFor();
      hub.faults.clear();
      await page.locator("dialog.me .danger").click();
      await page.locator("dialog.me", { hasText: "C’est effacé" }).waitFor();
      assert.equal(persons(hub).length, 0);
      assert.equal(await page.locator(".person").count(), 0);
      await page.keyboard.press("Escape");
      await page.locator(".presence", { hasText: "pas encore comptée" }).waitFor();
      assert.doesNotMatch(await page.content(), /Awa/);
    });

    world.test("says that nothing is held when nothing is", async (open) => {
      const page = await open();
      await page.locator("footer .my-data").click();
      await page.locator("dialog.me", { hasText: "ne garde rien" }).waitFor();
      assert.equal(await page.locator("dialog.me .danger-outline").isVisible(), false);
    });

    world.test("it does not work: the report carries the symptom and the player's state, and thanks", async (open, hub) => {
      const page = await open();
      await enter(page);
      await choose(page, "audio");
      await player_in(page, "playing");
      await page.locator(".player > .quiet").click();
      await page.locator("dialog.report input[value=no_sound]").check();
      await page.locator("dialog.report textarea").fill("Rien depuis 10 min <b>");
      hub.faults.set("POST /api/v1/reports", { status: 503, body: { code: "busy", error: "Réessayez." } });
      await page.locator("dialog.report button[type=submit]").click();
      await page.locator("dialog.report .problem", { hasText: "Réessayez." }).waitFor();
      hub.faults.clear();
      await page.locator("dialog.report button[type=submit]").click();
      await page.locator("dialog.report .thanks", { hasText: "Merci" }).waitFor();
      assert.equal(hub.reports.length, 1);
      const { player, ...rest } = hub.reports[0];
      assert.deepEqual(rest, { channel: "room-1", symptom: "no_sound", text: "Rien depuis 10 min <b>" });
      assert.deepEqual(Object.keys(player).sort(), ["delay_s", "errors", "mode", "position_s", "state"]);
      assert.equal(player.mode, "audio");
      assert.equal(player.state, "playing");
      assert.ok(player.position_s > 0 && player.delay_s > 0);
      await page.keyboard.press("Escape");
      await page.locator(".player > .quiet").click();
      assert.equal(await page.locator("dialog.report form").isVisible(), true, "a second report can be made");
    });

    world.test("a report without a symptom is not sent", async (open, hub) => {
      const page = await open();
      await enter(page);
      await choose(page, "audio");
      await page.locator(".player > .quiet").click();
      await page.locator("dialog.report button[type=submit]").click();
      await eventually(() => page.evaluate(() => document.activeElement.name === "symptom"), "the browser points at the question");
      assert.equal(hub.reports.length, 0);
    });
  });
};
