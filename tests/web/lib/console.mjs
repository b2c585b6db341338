// What the tests of the host page share.
import { eventually } from "./world.mjs";

/** The host page in front of somebody, with the part @param part of it open. */
export async function open_console(open, hub, part = "", options = {}) {
  if (hub.host.sessions.length === 0) hub.host.seed();
  return open({ path: `/console${part ? `#${part}` : ""}`, width: 1280, height: 800, ...options });
}

/** The bodies that were sent to a route, in their order. */
export const sent = (hub, route) => hub.host.sent.filter((one) => one.route === route).map((one) => one.body);

/** Waits for what the page says politely; a space in @param words is any kind of space. */
export const hears = (page, words) => eventually(async () => words.test((await page.locator(".read-out[role=status]").innerText()).replace(/\s/g, " ")), `${words} is said`);

export const button = (scope, name) => scope.getByRole("button", { name, exact: typeof name === "string" });

/** Answers the question that the page asks before what cannot be taken back. */
export async function confirm(page, yes = true) {
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  await dialog.locator(yes ? ".danger" : ".pair .outline").click();
}

export const show_names = (page) => page.locator("header [data-names]").click();

export const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("name") || document.activeElement?.tagName);
