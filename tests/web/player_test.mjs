import assert from "node:assert/strict";
import { describe } from "node:test";
import { player_in, player_now, plays_on } from "./browser.mjs";
import { choose, enter, eventually } from "./lib/world.mjs";

const kAgain = 10_000;

async function play(open, how) {
  const page = await open();
  await enter(page);
  await page.evaluate(() => (window.same_page = true));
  await choose(page, how);
  await player_in(page, "playing");
  await plays_on(page, 1);
  return page;
}

/** Plays by itself again, in the page that was there before. */
async function recovers(page, since) {
  await plays_on(page, 1, kAgain);
  assert.equal(await page.evaluate(() => window.same_page), true);
  process.stdout.write(`# plays again after ${((Date.now() - since) / 1000).toFixed(1)} s\n`);
}

export default (world) => {
  describe("player", () => {
    world.test("listens to the endless MP3, without hls.js", async (open, hub) => {
      const page = await play(open, "audio");
      const now = await player_now(page);
      assert.equal(now.mode, "audio");
      assert.ok(now.delay > 0.5 && now.delay < 4, `delay ${now.delay}`);
      assert.deepEqual(hub.requests.filter((request) => request.includes("/hls")), []);
      assert.equal(hub.requests.filter((request) => request === "GET /audio/room-1.mp3").length, 1);
    });

    world.test("watches with low delay and without a stop", async (open) => {
      const page = await play(open, "video");
      const samples = [];
      for (let i = 0; i < 24; i += 1) {
        await page.waitForTimeout(500);
        samples.push(await player_now(page));
      }
      const delays = samples.map((sample) => sample.delay).sort((a, b) => a - b);
      const median = delays[12];
      process.stdout.write(`# delay over 12 s: median ${median} s, ${delays[0]} to ${delays.at(-1)} s\n`);
      assert.deepEqual([...new Set(samples.map((sample) => sample.state))], ["playing"]);
      assert.ok(median > 0.8 && median < 1.8, `median ${median} s with parts of 0.4 s`);
      assert.equal(samples[0].width, 320);
      const words = await page.locator(".delay").innerText();
      assert.match(words, /^\d,\d s de retard$/);
    });

    world.test("is switched between sound and picture, muted and made softer", async (open, hub) => {
      const page = await play(open, "audio");
      await page.locator(".modes button").nth(1).click();
      await player_in(page, "playing");
      await plays_on(page, 1);
      assert.equal((await player_now(page)).mode, "video");
      assert.deepEqual(await page.locator(".modes button").evaluateAll((all) => all.map((one) => one.getAttribute("aria-pressed"))), ["false", "true"]);
      assert.equal(await page.locator("audio").evaluate((audio) => audio.getAttribute("src")), null, "the sound alone is let go");
      await page.locator(".volume input").fill("40");
      assert.equal(await page.locator("video").evaluate((video) => video.volume), 0.4);
      await page.locator(".volume button").click();
      assert.equal(await page.locator("video").evaluate((video) => video.muted), true);
      await page.locator(".volume button").click();
      await page.locator(".modes button").nth(0).click();
      await player_in(page, "playing");
      assert.equal(await page.locator("audio").evaluate((audio) => audio.volume), 0.4, "the other element is as loud");
      await page.locator(".controls button").first().click();
      await player_in(page, "idle");
      const asked = hub.requests.length;
      await page.waitForTimeout(1500);
      assert.equal(hub.requests.length, asked, "nothing is fetched any more");
    });

    for (const how of ["video", "audio"]) {
      world.test(`${how}: plays again by itself after the hub was killed and started anew`, async (open, hub) => {
        const page = await play(open, how);
        await hub.stop();
        await page.locator('.player[data-state="reconnecting"], .player[data-state="stalled"]').waitFor({ timeout: 12_000 });
        world.stream.stop();
        world.stream.start();
        await world.stream.ready();
        await hub.start();
        await recovers(page, Date.now());
      });
    }

    world.test("video: a hub that is back within a second costs no more than that", async (open, hub) => {
      const page = await play(open, "video");
      await hub.stop();
      world.stream.stop();
      world.stream.start();
      await world.stream.ready();
      await hub.start();
      await recovers(page, Date.now());
      await eventually(async () => (await player_now(page)).delay < 2.5, "close to live again", 20_000);
    });

    for (const status of [404, 503]) {
      for (const [how, path] of [["video", "/hls/"], ["audio", "/audio/"]]) {
        world.test(`${how}: waits while the hub answers ${status}, then plays`, async (open, hub) => {
          const page = await open();
          await enter(page);
          hub.channels[0] = { ...hub.channels[0], state: "idle", reason: { code: "ended", error: "ended" } };
          hub.push();
          hub.faults.set(`GET ${path}`, { status });
          await choose(page, how);
          await player_in(page, "reconnecting");
          await page.locator(".player .reason", { hasText: "La retransmission est finie" }).waitFor();
          await page.waitForTimeout(1500);
          hub.faults.clear();
          hub.channels[0] = { ...hub.channels[0], state: "live", reason: null };
          const since = Date.now();
          hub.push();
          await player_in(page, "playing", kAgain);
          await plays_on(page, 1);
          assert.ok(Date.now() - since < 6000, "news of the room end the pause");
        });
      }
    }

    world.test("listens through HLS where MP3 does not work", async (open, hub) => {
      const page = await open();
      await enter(page);
      hub.faults.set("GET /audio/", { status: 404 });
      await choose(page, "audio");
      await player_in(page, "playing", 20_000);
      await plays_on(page, 1);
      assert.equal((await player_now(page)).mode, "audio");
      assert.ok(hub.requests.includes("GET /hls/room-1/audio.m3u8"));
    });

    world.test("a stream that stands still is left and taken anew; the report tells of it", async (open, hub) => {
      const page = await play(open, "video");
      world.stream.stop();
      await player_in(page, "stalled");
      await player_in(page, "reconnecting", 12_000);
      world.stream.start();
      await world.stream.ready();
      await recovers(page, Date.now());
      await page.locator(".player > .quiet").click();
      await page.locator("dialog.report input[value=stops]").check();
      await page.locator("dialog.report button[type=submit]").click();
      await eventually(() => hub.reports.length === 1, "the report");
      assert.ok(hub.reports[0].player.errors.length > 0);
    });
  });
};
