// Watches one channel of a running hub with the page itself and says what a viewer would: used by the tests of the
// whole hub and by the latency bench.
//
//   node watch.mjs URL CHANNEL video|audio SECONDS [SCREENSHOT.png]
//
// Prints one JSON object: {played_s, wall_s, first_frame_s, stalls, states, delays, width, faults}. Exit code 0 if it
// got as far as playing. With "hold" on standard input it goes on until the line "end" comes, so that a test can
// break things meanwhile; each state is then printed as it comes: {"at_s":…,"state":…}.
import { createInterface } from "node:readline";
import { launch, open_page, player_in, player_now } from "./browser.mjs";

const [url, channel, mode, seconds, picture] = process.argv.slice(2);
const browser = await launch();
let code = 1;
try {
  const page = await open_page(browser, url);
  await page.locator(".sign-in .pair .outline").click();
  await page.locator(".presence .badge.ok").waitFor();
  const buttons = page.locator(`.channel[data-channel="${channel}"] .pair button`);
  const tapped = Date.now();
  await buttons.nth(mode === "video" ? 1 : 0).click();
  const first = await player_in(page, "playing", 20_000);
  const first_frame_s = (Date.now() - tapped) / 1000;

  const lines = createInterface({ input: process.stdin });
  let ended = false;
  lines.on("line", (line) => (ended ||= line.trim() === "end"));
  const begin = Date.now();
  const states = [];
  const delays = [];
  let stalls = 0;
  let last = "playing";
  let now = first;
  while ((Date.now() - begin) / 1000 < Number(seconds) && !ended) {
    now = await player_now(page);
    if (now.state !== last) {
      if (now.state === "stalled") stalls += 1;
      last = now.state;
      states.push({ at_s: (Date.now() - begin) / 1000, state: last });
      console.error(JSON.stringify(states.at(-1)));
    }
    if (now.delay !== null && now.state === "playing") delays.push(now.delay);
    await page.waitForTimeout(100);
  }
  if (picture) await page.screenshot({ path: picture });
  console.log(JSON.stringify({
    played_s: now.position - first.position, wall_s: (Date.now() - begin) / 1000, first_frame_s, stalls, state: now.state,
    states, delays, width: now.width, faults: page.faults,
  }));
  code = 0;
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
} finally {
  await browser.close();
}
process.exit(code);
