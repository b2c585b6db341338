import assert from "node:assert/strict";
import { describe } from "node:test";
import { enter, eventually, fill, persons, submit } from "./lib/world.mjs";

const problems = (page) => page.locator(".sign-in form .problem:not(:empty)").allTextContents();

/** Names that did harm somewhere once. */
const hostile = [
  `O'Brien "la" \\ d’Été`,
  "<script>window.harmed = true</script>",
  `"><img src=x onerror="window.harmed = true">`,
  "=HYPERLINK(\"http://example.org\";\"clic\")",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "\u202Eمرحبا عليّ\u202C Ali",
  "👩🏾‍💻 Awa 🇲🇱",
  "${t().name} {{name}} %s %n",
  "Ñ\u0303o\u0301 ﷽",
];

export default (world) => {
  describe("sign-in", () => {
    world.test("with a name: what was answered reaches the hub, and the page says so", async (open, hub) => {
      const page = await open();
      await fill(page, { contact: "awa@example.org", member: "wants", first_time: "no" });
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      const [person] = persons(hub);
      assert.equal(person.name, "Awa Traoré");
      assert.equal(person.affiliation, "Université de Bamako");
      assert.equal(person.contact, "awa@example.org");
      assert.equal(person.member, "wants");
      assert.equal(person.first_time, false);
      assert.equal(person.consent.language, "fr");
      assert.match(await page.locator(".presence [role=status]").innerText(), /Awa Traoré/);
      await page.reload();
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal(await page.locator(".sign-in").isVisible(), false);
    });

    world.test("the consent says who keeps the answers, how long, and whom to ask", async (open) => {
      const page = await open();
      const terms = await page.locator(".sign-in .terms").innerText();
      for (const word of ["ISOC Mali", "45 jours", "donnees@example.org"]) assert.ok(terms.includes(word), `${word} in: ${terms}`);
    });

    world.test("without a name: one tap on a button of the same size", async (open, hub) => {
      const page = await open();
      const [named, anonymous] = await Promise.all(["primary", "outline"].map((name) => page.locator(`.sign-in .pair .${name}`).boundingBox()));
      assert.deepEqual([named.width, named.height, named.y], [anonymous.width, anonymous.height, anonymous.y]);
      assert.ok(anonymous.y + anonymous.height < 640, "seen without scrolling");
      await enter(page);
      assert.equal(persons(hub).length, 1);
      assert.equal(persons(hub)[0].anonymous, true);
      assert.equal(persons(hub)[0].name, undefined);
    });

    world.test("an empty form is not sent: each field says what it needs, the first one has the focus", async (open, hub) => {
      const page = await open();
      await page.locator(".sign-in .pair .primary").click();
      await submit(page);
      await eventually(async () => (await problems(page)).length === 4, "four problems");
      assert.equal(await page.evaluate(() => document.activeElement.name), "name");
      const input = page.locator("input[name=name]");
      assert.equal(await input.getAttribute("aria-invalid"), "true");
      const described = await input.getAttribute("aria-describedby");
      assert.notEqual(await page.locator(`#${described}`).innerText(), "");
      await input.fill("Awa");
      await eventually(async () => (await problems(page)).length === 3, "the mended field is quiet");
      assert.ok(!hub.requests.includes("POST /api/v1/sign-in"));
    });

    world.test("a contact is asked only of those who want to hear from the hub, with what it is for", async (open, hub) => {
      const page = await open();
      await fill(page);
      const contact = page.locator("input[name=contact]");
      assert.equal(await contact.isVisible(), false);
      await page.locator("input[name=contact_ok]").check();
      await contact.waitFor();
      const purpose = (await contact.getAttribute("aria-describedby")).split(" ")[0];
      assert.match(await page.locator(`#${purpose}`).innerText(), /ISOC Mali vous réponde/);
      for (const wrong of ["", "awa", "a b@c", "12345", "+223 70 x"]) {
        await contact.fill(wrong);
        await submit(page);
        await eventually(async () => (await problems(page)).length === 1, `refused: ${wrong}`);
        assert.equal(await page.evaluate(() => document.activeElement.name), "contact");
      }
      assert.equal(hub.bodies.length, 0);
      await contact.fill("+223 70 12 34 56");
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal(hub.bodies[0].contact, "+223 70 12 34 56");
      assert.equal(hub.bodies[0].contact_ok, true);
    });

    world.test("a contact that was typed and is wanted no more is not sent", async (open, hub) => {
      const page = await open();
      await fill(page, { member: "wants", contact: "awa@example.org" });
      await page.locator("input[name=member][value=no]").check();
      await eventually(async () => !(await page.locator("input[name=contact]").isVisible()), "hidden again");
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal("contact" in hub.bodies[0], false);
      assert.equal("contact_ok" in hub.bodies[0], false);
    });

    world.test("the hub's own questions are asked in the language shown, and need no answer", async (open, hub) => {
      hub.hub.sign_in = { ask: ["gender", "status"], questions: [{ id: "transport", text: "Comment êtes-vous venu ?", choices: ["À pied", "En <b>bus</b>"] }, { id: "first_hub", text: "Premier hub ?", choices: [] }] };
      const page = await open();
      await fill(page);
      await page.locator("input[name=gender][value=woman]").check();
      await page.locator("input[name=answer-transport]").nth(1).check();
      await page.locator("input[name=answer-first_hub][value=yes]").check();
      hub.hub.sign_in.questions[0] = { id: "transport", text: "How did you come?", choices: ["On foot", "By <b>bus</b>"] };
      await page.locator(".languages button", { hasText: "EN" }).click();
      await page.locator("legend", { hasText: "How did you come?" }).waitFor();
      assert.equal(await page.locator("input[name=gender][value=woman]").isChecked(), true, "answers are kept");
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal(hub.bodies[0].gender, "woman");
      assert.equal("status" in hub.bodies[0], false, "not answered");
      assert.deepEqual(hub.bodies[0].answers, { transport: "By <b>bus</b>", first_hub: true });
      await page.locator("footer .my-data").click();
      assert.match(await page.locator("dialog.me").innerText(), /How did you come\?\s*By <b>bus<\/b>/);
    });

    world.test("a name that is too long is said, not cut", async (open, hub) => {
      const page = await open();
      await fill(page, { name: "é".repeat(121), affiliation: "x".repeat(161) });
      await submit(page);
      await eventually(async () => (await problems(page)).length === 2, "two problems");
      await page.locator("input[name=name]").fill("👩🏾".repeat(60));
      await page.locator("input[name=affiliation]").fill("");
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal([...persons(hub)[0].name].length, 120);
    });

    world.test("what the hub refuses is said in its words, at the field if it names one; nothing typed is lost", async (open, hub) => {
      const page = await open();
      await fill(page);
      hub.faults.set("POST /api/v1/sign-in", { status: 400, body: { code: "invalid", error: "Ce nom est trop long.", field: "name" } });
      await submit(page);
      await eventually(async () => (await problems(page)).includes("Ce nom est trop long."), "the sentence at the field");
      assert.equal(await page.evaluate(() => document.activeElement.name), "name");
      hub.faults.set("POST /api/v1/sign-in", { status: 503, body: { code: "busy", error: "Le hub est occupé." } });
      await submit(page);
      await page.locator(".sign-in > .problem", { hasText: "Le hub est occupé." }).waitFor();
      hub.faults.set("POST /api/v1/sign-in", { status: 500 });
      await submit(page);
      await page.locator(".sign-in > .problem", { hasText: "Cela n’a pas marché" }).waitFor();
      hub.faults.clear();
      assert.equal(await page.locator("input[name=name]").inputValue(), "Awa Traoré");
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
    });

    world.test("a hub that is gone is said; signing in works once it is back", async (open, hub) => {
      const page = await open();
      await fill(page);
      await hub.stop();
      await submit(page);
      await page.locator(".sign-in > .problem", { hasText: "Le hub n’a pas répondu" }).waitFor();
      await hub.start();
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal(persons(hub).length, 1);
    });

    world.test("any name is kept and shown as it was typed", async (open, hub) => {
      for (const name of hostile) {
        hub.reset();
        const page = await open();
        await fill(page, { name, affiliation: name });
        await submit(page);
        await page.locator(".presence .badge.ok").waitFor();
        assert.equal(persons(hub)[0].name, name);
        assert.ok((await page.locator(".presence [role=status]").textContent()).includes(name), name);
        await page.locator("footer .my-data").click();
        await page.locator(".person h3").waitFor();
        assert.equal(await page.locator(".person h3").textContent(), name);
        assert.equal(await page.locator(".person dd").first().textContent(), name);
        assert.equal(await page.evaluate(() => window.harmed), undefined);
        assert.equal(await page.locator(".page img, .page script, dialog img, dialog script").count(), 0);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} widens the page`);
        await page.context().close();
      }
    });

    world.test("a very long name does not widen the page", async (open) => {
      const page = await open();
      await fill(page, { name: "W".repeat(120) });
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    });

    world.test("several people on one phone", async (open, hub) => {
      const page = await open();
      await fill(page);
      await submit(page);
      await page.locator(".presence .badge.ok").waitFor();
      await page.locator(".presence button", { hasText: "Ajouter" }).click();
      assert.equal(await page.locator("input[name=name]").inputValue(), "", "nothing of the first person is left");
      await fill(page, { name: "Moussa Keïta", member: "no" });
      await submit(page);
      await page.locator(".presence", { hasText: "Awa Traoré, Moussa Keïta" }).waitFor();
      assert.equal(hub.devices.size, 1);
      assert.deepEqual(persons(hub).map((person) => person.name), ["Awa Traoré", "Moussa Keïta"]);
    });

    world.test("leaving, and coming back with one tap", async (open, hub) => {
      const page = await open();
      await enter(page);
      await page.locator(".presence button", { hasText: "Je pars" }).click();
      await page.locator(".presence", { hasText: "Départ noté" }).waitFor();
      assert.equal([...hub.devices.values()][0].present, false);
      await page.locator(".presence .again button", { hasText: "Je suis là" }).click();
      await page.locator(".presence .badge.ok").waitFor();
      assert.equal([...hub.devices.values()][0].present, true);
      assert.equal(persons(hub).length, 1);
    });

    world.test("one may look first", async (open, hub) => {
      const page = await open();
      await page.locator(".sign-in > .skip").click();
      await page.locator(".rooms h2").waitFor();
      assert.equal(persons(hub).length, 0);
      await page.locator(".presence", { hasText: "pas encore comptée" }).waitFor();
    });
  });
};
