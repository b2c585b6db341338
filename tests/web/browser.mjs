// A real browser for tests: Debian's Chromium without a window. Used by the page's own tests and by those of the
// whole hub (HUB_URL).
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const kFlags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-features=Translate,MediaRouter",
];

/** The Chromium to use: $CHROMIUM, else Debian's; null when there is none. */
export function chromium_path() {
  const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return existsSync(path) ? path : null;
}

/** @param any_autoplay  let pages make sound without a tap. The page's tests leave that to the tap.
 *  @returns {Promise<import("playwright-core").Browser>} close() it. */
export function launch({ any_autoplay = false } = {}) {
  const args = any_autoplay ? [...kFlags, "--autoplay-policy=no-user-gesture-required"] : kFlags;
  // --headless=new: the old mode is another program, which decodes no H.264.
  return chromium.launch({ executablePath: chromium_path(), headless: false, args: [...args, "--headless=new", "--mute-audio"] });
}

/** A page as a phone sees it. What the browser's console says of faults is gathered in `page.faults`.
 *  @param options  further options of the browser context, such as colorScheme */
export async function open_page(browser, url, { locale = "fr-FR", width = 360, height = 640, ...options } = {}) {
  const phone = width < 600;
  const context = await browser.newContext({ locale, viewport: { width, height }, isMobile: phone, hasTouch: phone, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught/i.test(message.text())) page.faults.push(message.text());
  });
  await page.goto(url);
  await page.locator("h1").waitFor();
  return page;
}

/** Waits until the page's player is in @param state. @returns its attributes */
export async function player_in(page, state, timeout = 15_000) {
  await page.locator(`.player[data-state="${state}"]`).waitFor({ timeout });
  return player_now(page);
}

/** What the player says of itself: {state, mode, channel, delay}, delay in seconds or null, and the position. */
export function player_now(page) {
  return page.locator(".player").evaluate((element) => {
    const media = element.querySelector(element.dataset.mode === "video" ? "video" : "audio");
    const delay = element.dataset.delay;
    return {
      state: element.dataset.state,
      mode: element.dataset.mode,
      channel: element.dataset.channel,
      delay: delay === undefined ? null : Number(delay),
      position: media.currentTime,
      width: media.videoWidth ?? 0,
    };
  });
}

/** Waits until playback has moved on by @param seconds. */
export async function plays_on(page, seconds, timeout = 15_000) {
  const from = (await player_now(page)).position;
  await page.waitForFunction(
    ([begin, more]) => {
      const element = document.querySelector(".player");
      const media = element?.querySelector(element.dataset.mode === "video" ? "video" : "audio");
      // A new connection begins at another position: any movement by so much counts.
      return element?.dataset.state === "playing" && Math.abs(media.currentTime - begin) >= more;
    },
    [from, seconds],
    { timeout },
  );
}

/** Writes a picture into the folder $HUB_SCREENSHOTS; does nothing without it. */
export async function screenshot(page, name, { full = true } = {}) {
  const folder = process.env.HUB_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: full });
}
