import assert from "node:assert/strict";
import { it } from "node:test";
import { launch, open_page } from "../browser.mjs";
import { FakeHub } from "./fake_hub.mjs";
import { Stream } from "./stream.mjs";

/** One browser, one hub and one stream for all tests. */
export class World {
  stream = new Stream();
  hub = new FakeHub(this.stream);
  browser = null;

  /** @param media  whether something is to be watched: the stream takes a second or two to begin */
  async start({ media = true } = {}) {
    if (media) this.stream.start();
    [this.browser] = await Promise.all([launch(), this.hub.start(), media ? this.stream.ready() : null]);
  }

  async stop() {
    await this.browser?.close();
    await this.hub.stop();
    this.stream.stop();
  }

  /** A test with a hub as new. Whatever it opened is closed, and no page may have complained. */
  test(name, body) {
    it(name, async () => {
      this.hub.reset();
      const pages = [];
      const open = async ({ path = "/", ...options } = {}) => {
        const page = await open_page(this.browser, `${this.hub.url}${path}`, options);
        pages.push(page);
        return page;
      };
      try {
        await body(open, this.hub);
        for (const page of pages) assert.deepEqual(page.faults, []);
      } finally {
        for (const page of pages) await page.context().close();
      }
    });
  }
}

/** Signs in without a name and waits for the rooms. */
export async function enter(page) {
  await page.locator(".sign-in .pair .outline").click();
  await page.locator(".presence .badge.ok").waitFor();
}

/** Fills the form and leaves it to the test to send it. */
export async function fill(page, { name = "Awa Traoré", affiliation = "Université de Bamako", contact = "", member = "yes", first_time = "yes", consent = true } = {}) {
  await page.locator(".sign-in .pair .primary").click();
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=affiliation]").fill(affiliation);
  await page.locator(`input[name=member][value=${member}]`).check();
  await page.locator(`input[name=first_time][value=${first_time}]`).check();
  if (contact) await page.locator("input[name=contact]").fill(contact);
  if (consent) await page.locator("input[name=consent]").check();
}

export const submit = (page) => page.locator(".sign-in form:not(.code-form) button[type=submit]").click();

/** All persons that the hub holds. */
export const persons = (hub) => [...hub.devices.values()].flatMap((device) => device.persons);

/** Presses the button of a room, and goes on where the page asks for headphones. @param which  "audio" or "video" */
export async function choose(page, which, channel = "room-1") {
  await page.locator(`[data-channel="${channel}"].channel .pair button`).nth(which === "audio" ? 0 : 1).click();
  const go_on = page.locator("dialog.headphones .primary");
  if (await go_on.isVisible()) await go_on.click();
}

/** Polls @param condition until it is true. */
export async function eventually(condition, what, timeout_ms = 10_000) {
  const end = Date.now() + timeout_ms;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(`not within ${timeout_ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
