import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, compress } from "../../player/web/build.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../player/web");
const read = (path) => readFileSync(join(root, path), "utf8");

function sources(folder = "src") {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}

/** Relative luminance and contrast as WCAG 2.1 defines them. */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** The files that a browser fetches for a page before anything is touched. */
function loaded(files, path) {
  const text = (name) => files.find((file) => file.path === name).bytes.toString();
  const found = new Set([path]);
  for (const one of found) {
    const names = /\.js$/.test(one) ? text(one).matchAll(/(?:from|import)\s*"\.(\/[^"]+)"/g) : /\.(css|svg)$/.test(one) ? [] : text(one).matchAll(/(?:src|href)="(\/[^"]+)"/g);
    for (const [, name] of names) found.add(name);
  }
  return found;
}

export default () => {
  describe("sources and bundle", () => {
    it("needs less than 30 KB before something is watched, and loads nothing of the other pages", async () => {
      const files = await bundle();
      const packed = new Map(files.map((file) => [file.path, compress(file.bytes).length]));
      const limits = { "/": 30_000, "/kiosk": 30_000, "/console": 60_000 };
      for (const [path, limit] of Object.entries(limits)) {
        const first = loaded(files, path);
        const total = [...first].reduce((sum, one) => sum + packed.get(one), 0);
        process.stdout.write(`# ${path} before play: ${total} bytes compressed\n`);
        assert.ok(total < limit, JSON.stringify([...first].map((one) => [one, packed.get(one)])));
        assert.ok(![...first].some((one) => one.startsWith("/hls.")), "hls.js is a file of its own");
      }
      const page = [...loaded(files, "/")].map((path) => files.find((file) => file.path === path).bytes.toString()).join("\n");
      assert.match(page, /Bienvenue/);
      assert.doesNotMatch(page, /Page de l’équipe|la personne suivante|Internet Architecture Board/, "words of others");
      for (const file of files) assert.equal(file.immutable, !(file.path in limits));
    });

    it("builds the same bytes from the same sources", async () => {
      const [a, b] = [await bundle(), await bundle()];
      assert.deepEqual(a.map((file) => [file.path, compress(file.bytes).toString("base64")]), b.map((file) => [file.path, compress(file.bytes).toString("base64")]));
    });

    it("has no inline script or style and no address of another site", () => {
      const html = read("index.html");
      assert.doesNotMatch(html, /<style|style=|\son\w+=|https?:/);
      assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/);
      for (const path of sources()) {
        const text = read(path);
        assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, path);
        if (path.endsWith(".css")) assert.doesNotMatch(text, /url\(|@import/, path);
      }
    });

    it("locks no address of a package registry", () => {
      for (const lock of [read("package-lock.json"), read("../../tests/web/package-lock.json")]) assert.doesNotMatch(lock, /"resolved"|https?:/);
    });

    it("uses every message, and prints French as French is printed", () => {
      const code = sources().filter((path) => !path.includes("i18n/")).map(read).join("\n");
      const french = read("src/i18n/fr.ts");
      const keys = [...french.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1]).filter((key) => !["code", "own_name"].includes(key));
      assert.ok(keys.length > 80);
      assert.deepEqual(keys.filter((key) => !new RegExp(`t\\(\\)\\.${key}\\b`).test(code)), []);
      for (const [text] of french.matchAll(/"[^"]*"/g)) assert.doesNotMatch(text, /« | [?!»]| :/, text);
    });

    it("has a palette that people with weak eyes can read, by day and by night", () => {
      const css = read("src/style.css");
      const [day, night] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])));
      assert.equal(day.size, night.size);
      const texts = [
        ["ink", "ground"], ["ink", "surface"], ["soft", "ground"], ["soft", "surface"], ["accent", "ground"], ["accent", "surface"],
        ["on-accent", "accent"], ["on-tint", "tint"], ["warn", "surface"], ["danger", "surface"], ["on-danger", "danger"],
      ];
      const edges = [["edge", "surface"], ["edge", "ground"], ["accent", "tint"], ["danger", "surface"]];
      for (const palette of [day, night]) {
        for (const [front, back] of texts) assert.ok(contrast(palette.get(front), palette.get(back)) >= 4.5, `${front} on ${back}: ${contrast(palette.get(front), palette.get(back)).toFixed(2)}`);
        for (const [front, back] of edges) assert.ok(contrast(palette.get(front), palette.get(back)) >= 3, `${front} beside ${back}`);
      }
    });
  });
};
