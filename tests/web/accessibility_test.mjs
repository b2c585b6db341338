import assert from "node:assert/strict";
import { describe } from "node:test";
import { player_in, screenshot } from "./browser.mjs";
import { examine } from "./lib/examine.mjs";
import { choose, enter, fill, submit } from "./lib/world.mjs";

export default (world) => {
  describe("for everybody", () => {
    for (const [locale, width] of [["fr-FR", 360], ["en-GB", 360], ["fr-FR", 320], ["fr-FR", 1280]]) {
      world.test(`every screen has names, order and room to touch: ${locale}, ${width} px`, async (open, hub) => {
        const page = await open({ locale, width, height: 640 });
        const look = async (screen) => {
          assert.deepEqual(await page.evaluate(examine), [], screen);
          await screenshot(page, `${locale.slice(0, 2)}-${width}-${screen}`, { full: !screen.endsWith("dialog") });
        };
        await look("1-welcome");
        await page.locator(".sign-in .pair .primary").click();
        await submit(page);
        await page.locator(".sign-in form .problem:not(:empty)").first().waitFor();
        await look("2-form");
        await page.locator(".sign-in > .skip").click();
        await page.locator(".presence .primary").click();
        await fill(page);
        await submit(page);
        await page.locator(".presence .badge.ok").waitFor();
        await look("3-rooms");
        await choose(page, "audio");
        await player_in(page, "playing");
        await look("4-listening");
        await choose(page, "video");
        await player_in(page, "playing");
        await look("5-watching");
        await page.locator(".player > .quiet").click();
        await look("6-report-dialog");
        await page.keyboard.press("Escape");
        await page.locator("footer .my-data").click();
        await page.locator("dialog.me .person").waitFor();
        await page.locator("dialog.me .danger-outline").click();
        await page.locator("dialog.me .confirm").waitFor();
        await look("7-my-data-dialog");
        assert.equal(hub.devices.size, 1);
      });
    }

    world.test("signs in, listens, reports and stops with the keyboard alone, and sees where the focus is", async (open, hub) => {
      const page = await open();
      const focus = () => page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element.closest(".option") ?? element);
        return { text: element.getAttribute("aria-label") ?? element.innerText ?? "", name: element.name ?? "", value: element.value ?? "", ring: style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0 };
      });
      const tab_to = async (wanted) => {
        for (let presses = 0; presses < 40; presses += 1) {
          await page.keyboard.press("Tab");
          const now = await focus();
          if (wanted(now)) {
            assert.ok(now.ring >= 2, `the focus is not seen on ${JSON.stringify(now)}`);
            return;
          }
        }
        assert.fail(`not reached with Tab: ${wanted}`);
      };
      await tab_to((at) => at.text === "Avec mon nom");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement.name === "name");
      await page.keyboard.type("Awa Traoré");
      await tab_to((at) => at.name === "member");
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowDown");
      await tab_to((at) => at.name === "first_time");
      await page.keyboard.press("Space");
      await tab_to((at) => at.name === "consent");
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal([...hub.devices.values()][0].persons[0].member, "no");
      await tab_to((at) => at.text === "Écouter DNSOP");
      await page.keyboard.press("Enter");
      await tab_to((at) => at.text === "Continuer");
      await page.keyboard.press("Enter");
      await player_in(page, "playing");
      assert.equal(await page.evaluate(() => document.activeElement.id), "player-title", "the player is where reading goes on");
      await tab_to((at) => at.text === "Arrêter");
      await page.keyboard.press("Space");
      await player_in(page, "idle");
      await tab_to((at) => at.text === "Ça ne marche pas\u00a0?");
      await page.keyboard.press("Enter");
      await tab_to((at) => at.name === "symptom");
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await page.locator("dialog.report .thanks:not(:empty)").waitFor();
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => document.activeElement.matches(".player > .quiet"));
      assert.equal(hub.reports.length, 1);
    });

    world.test("states are announced, numbers that change all the time are not", async (open) => {
      const page = await open();
      await enter(page);
      await choose(page, "audio");
      await player_in(page, "playing");
      const status = page.locator(".player-state [role=status]");
      assert.equal(await status.innerText(), "En lecture");
      assert.equal(await page.locator(".delay").evaluate((element) => element.closest("[role=status], [aria-live]")), null);
      assert.match(await page.locator(".delay").innerText(), /^environ \d+,\d s de retard$/);
    });

    world.test("keeps still for those who asked for it, and follows the system's light and dark", async (open) => {
      const page = await open({ reducedMotion: "reduce", colorScheme: "dark" });
      await enter(page);
      await choose(page, "video", "room-1");
      assert.equal(await page.locator(".dot").evaluate((dot) => getComputedStyle(dot).animationName), "none");
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(15, 22, 20)");
      await screenshot(page, "dark");
    });
  });
};
