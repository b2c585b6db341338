import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { button, focused, hears, open_console, sent, show_names } from "./lib/console.mjs";
import { eventually } from "./lib/world.mjs";

const kPage = join(dirname(fileURLToPath(import.meta.url)), "../../player/web");
const { build } = createRequire(join(kPage, "package.json"))("esbuild");
const kDesk = "POST /api/v1/host/desk";
const row = (page, name) => page.locator("[data-person]", { hasText: name });
const adding = (page) => page.locator("#add-people-title ~ form");
const paper = (page) => page.locator("textarea[name=paper]");
const save_sheet = (page) => page.locator("#paper-title ~ form button[type=submit]").click();

async function desk(open, hub, options) {
  const page = await open_console(open, hub, "desk", options);
  await page.locator("[data-person]").nth(3).waitFor();
  await show_names(page);
  return page;
}

export default (world) => {
  describe("host page: a sheet as text", async () => {
    const { outputFiles } = await build({ entryPoints: [join(kPage, "src/console/paper.ts")], bundle: true, format: "esm", write: false });
    const { parse_paper, parse_time } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

    it("reads times as people write them, and no others", () => {
      for (const [text, time] of [
        ["9:42", "09:42"], ["09h42", "09:42"], ["9 h 42", "09:42"], ["9h", "09:00"], ["9H05", "09:05"], ["9.42", "09:42"], ["00:00", "00:00"], ["23:59", "23:59"],
        ["24:00", null], ["9:60", null], ["9", null], ["942", null], ["9:", null], ["9.", null], ["h42", null], ["matin", null], ["9:4", null], ["", null], ["-9:42", null],
      ]) assert.equal(parse_time(text), time, text);
    });

    it("reads one person a line, and says what is wrong where", () => {
      for (const [text, lines] of [
        ["", []],
        ["\n  \n", []],
        ["Awa Traoré; Université; 9h42", [[1, "Awa Traoré", "Université", "09:42", null]]],
        ["\r\nAwa\r\n\r\nMoussa ;; 10:00", [[2, "Awa", undefined, undefined, null], [4, "Moussa", undefined, "10:00", null]]],
        ["Awa; 9:42", [[1, "Awa", undefined, "09:42", null]]],
        ["Awa;Bamako;", [[1, "Awa", "Bamako", undefined, null]]],
        ["Awa;Bamako;9:42;", [[1, "Awa", "Bamako", "09:42", null]]],
        ["Awa\tBamako; Ségou\t9:42", [[1, "Awa", "Bamako; Ségou", "09:42", null]]],
        ["; Bamako; 9:42", [[1, "", "Bamako", "09:42", "no_name"]]],
        ["Awa; Bamako; bientôt", [[1, "Awa", "Bamako", undefined, "bad_time"]]],
        ["Awa; a; b; c", [[1, "Awa", "a", undefined, "too_many_parts"]]],
        [`${"é".repeat(121)}`, [[1, "é".repeat(121), undefined, undefined, "long_name"]]],
        [`${"👩".repeat(120)}`, [[1, "👩".repeat(120), undefined, undefined, null]]],
        [`Awa; ${"x".repeat(161)}`, [[1, "Awa", "x".repeat(161), undefined, "long_affiliation"]]],
      ]) {
        assert.deepEqual(parse_paper(text).map(({ line, entry, fault }) => [line, entry.name, entry.affiliation, entry.at, fault]), lines, text);
      }
    });

    it("takes any text without harm, and loses no line", () => {
      let seed = 7;
      const next = (n) => (seed = (seed * 48271) % 2147483647) % n;
      for (let round = 0; round < 300; round += 1) {
        const text = Array.from({ length: next(60) }, () => ";\t\n\r 9h:42é👩a\u0000\u202e"[next(16)]).join("");
        const filled = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "").length;
        assert.equal(parse_paper(text).length, filled, JSON.stringify(text));
      }
    });
  });

  describe("host page: desk", () => {
    world.test("somebody known is found while typing, and added with one press; undo takes it back", async (open, hub) => {
      hub.host.person("Ibrahim Maïga", "Ségou", "phone", {}, null);
      const page = await desk(open, hub);
      await page.locator("input[name=search]").pressSequentially("maïg", { delay: 20 });
      await button(page, "Ibrahim Maïga est là").click();
      await hears(page, /Ibrahim Maïga : présence notée/);
      const [body] = sent(hub, kDesk);
      assert.deepEqual(Object.keys(body.persons[0]), ["ref"]);
      await row(page, "Ibrahim Maïga").waitFor();
      assert.equal(await focused(page), (await page.locator("input[name=search]").getAttribute("id")), "ready for the next");
      await page.locator(".figures .present dd", { hasText: "5" }).waitFor();
      await page.locator(".said").getByRole("button", { name: "Annuler" }).click();
      await eventually(async () => (await row(page, "Ibrahim Maïga").count()) === 0, "taken back");
      await page.locator(".figures .present dd", { hasText: "4" }).waitFor();
    });

    world.test("typing asks the hub once it pauses, not at each key", async (open, hub) => {
      const page = await desk(open, hub);
      const asked = () => hub.requests.filter((one) => one === "GET /api/v1/host/desk").length;
      await eventually(() => asked() > 0, "loaded");
      await page.waitForTimeout(300);
      const before = asked();
      await page.locator("input[name=search]").pressSequentially("Awa Traoré", { delay: 10 });
      await page.locator("[data-found]").waitFor();
      assert.ok(asked() - before <= 3, `${asked() - before} questions`);
      await page.locator("[data-found] .badge", { hasText: "déjà là" }).waitFor();
    });

    world.test("marks somebody left and undoes it from the list of changes", async (open, hub) => {
      const page = await desk(open, hub);
      await button(page, "Noter le départ de Moussa Keïta").click();
      await hears(page, /Moussa Keïta : départ noté/);
      await page.locator("details", { hasText: "Déjà partis : 1" }).first().waitFor();
      assert.equal(await focused(page), "here-title");
      await page.locator(".changes").getByRole("button", { name: /Annuler : Départ : Moussa Keïta/ }).click();
      await hears(page, /C’est annulé/);
      await button(page, "Noter le départ de Moussa Keïta").waitFor();
    });

    world.test("adds several: Enter goes to the next, one request, what was asked goes with it", async (open, hub) => {
      hub.hub.sign_in = { ask: ["gender", "status"], questions: [{ id: "transport", text: "Comment êtes-vous venu ?", choices: ["À pied", "Bus"] }, { id: "first_hub", text: "Premier hub ?", choices: [] }] };
      const page = await desk(open, hub);
      const form = adding(page);
      await form.locator("input[name=name]").fill("Oumou Sangaré");
      await form.locator("summary").click();
      await form.locator("select[name=member]").selectOption("wants");
      await form.locator("select[name=gender]").selectOption("woman");
      await form.locator("select[name=transport]").selectOption("Bus");
      await form.locator("select[name=first_hub]").selectOption("yes");
      await button(form, "Ajouter").click();
      await form.locator(".problem", { hasText: "il faut une adresse ou un numéro" }).waitFor();
      await form.locator("input[name=contact]").fill("+223 70 00 00 00");
      await form.locator("input[name=name]").press("Enter");
      await page.keyboard.type("Jean-Pierre Dembélé");
      await page.keyboard.press("Enter");
      await page.keyboard.type("Aïssata");
      await button(form, "Ajouter 3 personnes").click();
      await hears(page, /3 personnes ajoutées/);
      assert.deepEqual(sent(hub, kDesk), [{
        paper: false,
        persons: [
          { name: "Oumou Sangaré", member: "wants", contact: "+223 70 00 00 00", gender: "woman", answers: { transport: "Bus", first_hub: true } },
          { name: "Jean-Pierre Dembélé" },
          { name: "Aïssata" },
        ],
      }]);
      await row(page, "Oumou Sangaré").waitFor();
      assert.equal(await form.locator("input[name=name]").count(), 1);
      assert.equal(await form.locator("input[name=name]").inputValue(), "");
    });

    world.test("a name looked for in vain is added without typing it again", async (open, hub) => {
      const page = await desk(open, hub);
      await page.locator("input[name=search]").fill("Salif Keïta");
      await page.getByText("Personne de ce nom").waitFor();
      await button(page, /Ajouter « Salif Keïta »/).click();
      assert.equal(await adding(page).locator("input[name=name]").inputValue(), "Salif Keïta");
      await eventually(async () => (await focused(page)) === (await adding(page).locator("input[name=affiliation]").getAttribute("id")), "the next field");
    });

    world.test("what the hub refuses stands at its row, and nothing is lost", async (open, hub) => {
      const page = await desk(open, hub);
      const form = adding(page);
      await form.locator("input[name=name]").fill("Oumou");
      await form.locator("input[name=name]").press("Enter");
      await page.keyboard.type("Refusée");
      await button(form, "Ajouter 2 personnes").click();
      await form.locator("fieldset").nth(1).locator(".problem", { hasText: "Ce nom est refusé" }).waitFor();
      assert.deepEqual(await form.locator("input[name=name]").evaluateAll((all) => all.map((one) => one.value)), ["Oumou", "Refusée"]);
      await hub.stop();
      await button(form, "Ajouter 2 personnes").click();
      await form.locator("> .problem", { hasText: "n’a pas répondu" }).waitFor();
      assert.deepEqual(await form.locator("input[name=name]").evaluateAll((all) => all.map((one) => one.value)), ["Oumou", "Refusée"]);
      await hub.start();
    });

    world.test("a paper sheet keeps its times; lines that cannot be read are said and marked", async (open, hub) => {
      const page = await desk(open, hub);
      await paper(page).fill("Oumou Sangaré; Bamako; 9h42\n; Ségou\nSalif; ; demain");
      await page.getByText("3 lignes lues, dont 2 à corriger").waitFor();
      await save_sheet(page);
      assert.match(await page.locator(".faults").innerText(), /Ligne 2.*nom[^]*Ligne 3.*heure/);
      assert.equal(await paper(page).evaluate((one) => one.value.slice(one.selectionStart, one.selectionEnd)), "; Ségou");
      assert.equal(sent(hub, kDesk).length, 0);
      await paper(page).fill("Oumou Sangaré; Bamako; 9h42\n\nSalif");
      await save_sheet(page);
      await hears(page, /Feuille enregistrée : 2 personnes/);
      assert.deepEqual(sent(hub, kDesk), [{ paper: true, persons: [{ name: "Oumou Sangaré", affiliation: "Bamako", at: "09:42" }, { name: "Salif" }] }]);
      assert.equal(await paper(page).inputValue(), "");
      await row(page, "Oumou Sangaré").getByText("papier").waitFor();
    });

    world.test("a sheet of another session goes to that session; the hub's line is the line of the text", async (open, hub) => {
      const page = await desk(open, hub);
      await page.locator("select[name=desk-session]").selectOption("127-maprg");
      await page.getByText("Personne pour le moment").waitFor();
      await paper(page).fill("Oumou\n\nRefusée");
      await save_sheet(page);
      await page.locator(".faults", { hasText: "Ligne 3" }).waitFor();
      assert.equal(sent(hub, kDesk)[0].session, "127-maprg");
      assert.equal(await paper(page).inputValue(), "Oumou\n\nRefusée");
    });

    world.test("a sheet of 10 000 lines is refused in a sentence, nothing is sent and nothing is lost", async (open, hub) => {
      const page = await desk(open, hub);
      const text = Array.from({ length: 10_000 }, (_, i) => `Personne ${i}; Bamako; 9:42`).join("\n");
      // As pasting does; fill() would type it.
      await paper(page).evaluate((one, value) => {
        one.value = value;
        one.dispatchEvent(new Event("input", { bubbles: true }));
      }, text);
      await save_sheet(page);
      await page.locator("#paper-title ~ form .problem", { hasText: "10000 lignes : c’est trop en une fois" }).waitFor();
      assert.equal(sent(hub, kDesk).length, 0);
      assert.equal((await paper(page).inputValue()).length, text.length);
    });

    world.test("counts heads: pressed several times it is sent once; −1 is refused", async (open, hub) => {
      const page = await desk(open, hub);
      const input = page.locator("input[name=head-count]");
      await input.fill("15");
      await page.keyboard.press("Enter");
      await hears(page, /15 personnes comptées/);
      await page.locator(".figures .counted dd", { hasText: "15" }).waitFor();
      for (let i = 0; i < 3; i += 1) await button(page, "Une de plus").click();
      await button(page, "Une de moins").click();
      await hears(page, /17 personnes comptées/);
      assert.deepEqual(sent(hub, "PUT /api/v1/host/head-count").map((one) => one.count), [15, 17]);
      await input.fill("-1");
      await page.keyboard.press("Enter");
      await page.locator(".heads .problem", { hasText: "nombre entier" }).waitFor();
      assert.equal(sent(hub, "PUT /api/v1/host/head-count").length, 2);
      await input.fill("0");
      await button(page, "Une de moins").click();
      await hears(page, /0 personne comptée/);
    });

    world.test("who signs in on a phone appears by itself; where no socket can be had, within a few seconds", async (open, hub) => {
      const page = await desk(open, hub);
      hub.host.person("Nouvelle Personne", "Kayes", "phone");
      hub.push_changed(["desk"]);
      await row(page, "Nouvelle Personne").waitFor({ timeout: 3000 });
      hub.websocket = false;
      await hub.stop();
      await page.locator(".connection", { hasText: "perdue" }).waitFor();
      await hub.start();
      hub.host.person("Encore Une", "Kayes", "phone");
      await row(page, "Encore Une").waitFor({ timeout: 12_000 });
      await page.locator(".connection", { hasText: "En ligne" }).waitFor();
    });
  });
};
