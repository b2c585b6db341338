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

    for (const locale of ["fr-FR", "en-GB"]) {
      for (const width of [360, 768, 1280]) {
        world.test(`the screens of a day have names, order and room to touch: ${locale}, ${width} px`, async (open, hub) => {
          const at = (minutes) => new Date(Date.parse("2027-01-15T14:00:00Z") + minutes * 60_000).toISOString();
          hub.hub.languages = locale === "fr-FR" ? ["fr", "en"] : ["en", "fr"];
          hub.hub.sign_in = { ask: ["gender", "status"], questions: [{ id: "transport", text: locale === "fr-FR" ? "Comment êtes-vous venu ?" : "How did you come?", choices: ["Bus", "Moto", "Taxi"] }] };
          hub.host.sessions = [
            { id: "dnsop", title: "DNS Operations", start: at(0), end: at(90), state: "open", sign_in_from: at(-60) },
            { id: "talk", title: "Rejoindre l’IETF depuis Bamako", start: at(30), end: at(90), state: "open", sign_in_from: at(-30) },
          ];
          const page = await open({ locale, width, height: 800 });
          const look = async (screen) => {
            assert.deepEqual(await page.evaluate(examine), [], screen);
            await screenshot(page, `day-${locale.slice(0, 2)}-${width}-${screen}`, { full: !screen.endsWith("dialog") });
          };
          await page.locator(".code-entry > button").click();
          await look("1-welcome");
          await page.locator(".glossary-button").click();
          await page.locator(".glossary dt").first().waitFor();
          await look("2-glossary-dialog");
          await page.keyboard.press("Escape");
          await page.locator(".sign-in .pair .primary").click();
          await page.locator("input[name=member][value=wants]").check();
          await submit(page);
          await page.locator(".sign-in form .problem:not(:empty)").first().waitFor();
          await look("3-form");
          await page.locator("input[name=name]").fill("Awa Traoré");
          await page.locator("input[name=affiliation]").fill("Université de Bamako");
          await page.locator("input[name=first_time][value=yes]").check();
          await page.locator("input[name=contact]").fill("+223 70 12 34 56");
          await page.locator("input[name=consent]").check();
          await submit(page);
          await page.locator(".presence .badge.ok").waitFor();
          hub.channels[0] = { ...hub.channels[0], watch: false, replay: { position_s: 750, duration_s: 3600, paused: false, starts_at: null } };
          hub.channels.push({ ...hub.channels[0], id: "room-3", title: "Rediffusion : QUIC", watch: true, state: "slate", reason: { code: "paused", error: "" }, replay: { position_s: 90, duration_s: 3600, paused: true, starts_at: null } });
          hub.push();
          await page.locator("[data-channel=room-3]").first().waitFor();
          await look("4-rooms");
          await page.locator("[data-channel=room-3] .pair button").nth(1).click();
          await page.locator("dialog.headphones[open]").waitFor();
          await look("5-headphones-dialog");
          await page.keyboard.press("Escape");
          hub.host.sessions[0].state = "closed";
          hub.push_sessions();
          await page.locator(".presence .names").waitFor();
          await look("6-again");
        });
      }
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
