// Watches one channel of a running hub with the page itself and says what a viewer would: used by the tests of the
// whole hub and by the latency bench.
//
//   node watch.mjs URL CHANNEL video|audio SECONDS [SCREENSHOT.png]
//
// Prints a line {"at_s":…,"state":…} for each state of the player as it comes, first "playing", and at the end
// {played_s, wall_s, first_frame_s, stalls, state, states, delays, width, faults}, or {error} if it never played.
// SIGUSR2 ends it before its time, so that a test can break things meanwhile.
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
  await page.locator("dialog.headphones .primary").click();
  const first = await player_in(page, "playing", 20_000);
  const first_frame_s = (Date.now() - tapped) / 1000;

  let ended = false;
  process.on("SIGUSR2", () => (ended = true));
  const begin = Date.now();
  const states = [];
  const note = (state) => {
    states.push({ at_s: (Date.now() - begin) / 1000, state });
    console.log(JSON.stringify(states.at(-1)));
  };
  note("playing");
  const delays = [];
  let stalls = 0;
  let last = "playing";
  let now = first;
  while ((Date.now() - begin) / 1000 < Number(seconds) && !ended) {
    now = await player_now(page);
    if (now.state !== last) {
      if (now.state === "stalled") stalls += 1;
      last = now.state;
      note(last);
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
