import assert from "node:assert/strict";
import { describe } from "node:test";
import { choose, enter, eventually } from "./lib/world.mjs";

export default (world) => {
  describe("rooms", () => {
    world.test("say their state in words, why they are not live, and how many watch", async (open, hub) => {
      hub.channels[0].on_air = "Live from <b>Vienna</b>";
      const page = await open();
      await enter(page);
      const [first, second] = await page.locator(".channel").allInnerTexts();
      assert.match(first, /DNSOP[\s\S]*En direct[\s\S]*en anglais[\s\S]*3 spectateurs[\s\S]*Live from <b>Vienna<\/b>/);
      assert.match(second, /Plénière[\s\S]*Connexion[\s\S]*La source ne répond pas/);
      assert.equal(await page.locator("[data-channel=room-2] button:visible").count(), 1, "sound only: nothing to watch");
      hub.channels[1].reason = { code: "a_new_one", error: "Ce que le hub en dit." };
      hub.push();
      await page.locator("[data-channel=room-2]", { hasText: "Ce que le hub en dit." }).waitFor();
      const labels = await page.locator("[data-channel=room-1] button").evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label")));
      assert.deepEqual(labels, ["Écouter DNSOP", "Regarder DNSOP"]);
    });

    world.test("change by themselves and keep the focus", async (open, hub) => {
      const page = await open();
      await enter(page);
      await page.locator("[data-channel=room-2] button:visible").focus();
      hub.channels[1] = { ...hub.channels[1], state: "live", reason: null, viewers: 12, title: "Plénière, suite" };
      hub.channels.unshift({ ...hub.channels[0], id: "room-0", title: "Nouvelle salle" });
      hub.push();
      await page.locator("[data-channel=room-2]", { hasText: "12 spectateurs" }).waitFor();
      assert.deepEqual(await page.locator(".channel h3").allTextContents(), ["Nouvelle salle", "DNSOP", "Plénière, suite"]);
      assert.equal(await page.evaluate(() => document.activeElement.closest(".channel")?.dataset.channel), "room-2");
      hub.channels = [];
      hub.push();
      await page.locator(".rooms", { hasText: "Aucune salle" }).waitFor();
    });

    world.test("nothing plays, and nothing of a stream is fetched, before somebody asks", async (open, hub) => {
      const page = await open();
      await enter(page);
      await page.locator("[data-channel=room-1][data-state=live]").waitFor();
      assert.equal(await page.locator(".player").isVisible(), false);
      assert.deepEqual(hub.requests.filter((request) => /\/hls|\/audio/.test(request)), []);
    });

    world.test("one WebSocket, no asking beside it; the hub hears where the page is", async (open, hub) => {
      const page = await open();
      await enter(page);
      await eventually(() => hub.here.some((here) => here.t === "here" && here.channel === null && here.visible === true), "the first word");
      await eventually(() => hub.here.at(-1).device !== null, "the socket is that of the device that signed in");
      await choose(page, "audio");
      await eventually(() => hub.here.some((here) => here.channel === "room-1" && here.mode === "audio"), "listening");
      await choose(page, "video");
      await eventually(() => hub.here.some((here) => here.channel === "room-1" && here.mode === "video"), "watching");
      await page.locator(".controls button").first().click();
      await eventually(() => hub.here.at(-1).channel === null && hub.here.at(-1).mode === null, "stopped");
      assert.ok(!hub.requests.includes("GET /api/v1/channels"));
    });

    world.test("asks every five seconds where no WebSocket can be had", async (open, hub) => {
      hub.websocket = false;
      const page = await open();
      await enter(page);
      await page.locator("[data-channel=room-1]").waitFor();
      hub.channels[0].viewers = 77;
      await page.locator("[data-channel=room-1]", { hasText: "77 spectateurs" }).waitFor();
      hub.websocket = true;
      await eventually(() => hub.here.length > 0, "the WebSocket is taken when it can be had");
    });

    world.test("a lost hub is said, and so is its return, without a reload", async (open, hub) => {
      const page = await open();
      await enter(page);
      await page.evaluate(() => (window.same_page = true));
      await page.locator("[data-channel=room-1]").waitFor();
      await hub.stop();
      await page.locator(".banner:not(:empty)").waitFor();
      hub.channels[0].title = "DNSOP 2";
      await hub.start();
      await page.locator("[data-channel=room-1]", { hasText: "DNSOP 2" }).waitFor();
      await eventually(async () => !(await page.locator(".banner").isVisible()), "the banner is gone");
      assert.equal(await page.evaluate(() => window.same_page), true);
    });
  });
};
