// Builds the page: bundles, names with content hashes, compresses, and writes what hub/web/assets.h promises.
//   node build.mjs --out DIR [--cpp DIR]
// --out gets the files as they are served; --cpp gets assets.bin (all of them, compressed) and assets.cpp.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));

/** One line for each page: where it is served, and its HTML, which names entry points as %name.type%. */
const pages = [
  { path: "/", html: "index.html" },
  { path: "/console", html: "console.html" },
  { path: "/kiosk", html: "kiosk.html" },
];
const entries = {
  app: "src/main.ts", style: "src/style.css", icon: "src/icon.svg",
  console: "src/console/main.ts", console_style: "src/console/console.css",
  kiosk: "src/kiosk/main.ts", kiosk_style: "src/kiosk/kiosk.css",
};

// What phones understand that were last updated in 2018: Chrome 64, Firefox 67, Safari 12. esbuild would refuse
// import() for this year's language, which those browsers have.
const target = "es2018";
const supported = { "dynamic-import": true };

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** What a language file exports beside the words of the attendee page, for pages and dialogs that not every phone loads. */
const parts = ["host", "kiosk", "glossary"];

/** "hub:languages" is the list of all languages, "hub:<part>" such a part of them by code. A part is bundled alone first:
 *  else one file of words would be one chunk, and phones would load the words of the host page too.
 *  @param files  one file for each language, named after its code */
function languages(files) {
  const codes = files.map((file) => basename(file, ".ts"));
  const part_of = async (part, code) => {
    const result = await esbuild.build({
      stdin: { contents: `export { ${part} as default } from ${JSON.stringify(files[codes.indexOf(code)])};`, resolveDir: root, loader: "js" },
      bundle: true,
      format: "esm",
      target,
      legalComments: "none",
      write: false,
      // The outer build says it once.
      logLevel: "silent",
    });
    return result.outputFiles[0].text;
  };
  const list = (module, value) => {
    const imports = codes.map((code) => `import ${code} from ${JSON.stringify(module(code))};`).join("\n");
    return `${imports}\nexport default ${value};`;
  };
  const contents = (name) => {
    const [part, code] = name.split("/");
    if (code) return part_of(part, code);
    if (part === "languages") return list((one) => files[codes.indexOf(one)], `[${codes.join(", ")}]`);
    // Fetched when it is opened, and in the language that is shown only.
    if (part === "glossary") return `export default {${codes.map((one) => `${one}: () => import("hub:glossary/${one}")`).join(", ")}};`;
    return list((one) => `hub:${part}/${one}`, `{${codes.join(", ")}}`);
  };
  const filter = new RegExp(`^hub:(languages|(${parts.join("|")})(/[a-z]{2,3})?)$`);
  return {
    name: "languages",
    setup(build) {
      build.onResolve({ filter }, ({ path }) => ({ path: path.slice("hub:".length), namespace: "hub", sideEffects: false }));
      build.onLoad({ filter: /.*/, namespace: "hub" }, async ({ path }) => ({ contents: await contents(path), resolveDir: root, loader: "js" }));
    },
  };
}

/** The files of src/i18n that are a language. */
function language_files() {
  const folder = join(root, "src/i18n");
  return readdirSync(folder).filter((file) => /^[a-z]{2,3}\.ts$/.test(file)).map((file) => join(folder, file));
}

/** @param further  files of languages beside those of src/i18n
 *  @returns {Promise<{path: string, type: string, bytes: Buffer, immutable: boolean}[]>} */
export async function bundle({ further = [] } = {}) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: entries,
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]",
    outdir: "out",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target,
    supported,
    // The light build has all that the hub's streams need: fMP4 and low latency.
    alias: { "hls.js": "hls.js/light" },
    loader: { ".svg": "copy" },
    plugins: [languages([...language_files(), ...further])],
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
    logLimit: 10,
  });
  const names = new Map();
  for (const [output, { entryPoint, inputs }] of Object.entries(result.metafile.outputs)) {
    // A copied file has inputs, but no entry point.
    const source = entryPoint ?? Object.keys(inputs)[0];
    const name = Object.keys(entries).find((entry) => entries[entry] === source);
    if (name) names.set(`${name}${extname(output)}`, `/${basename(output)}`);
  }
  const files = result.outputFiles.map((file) => ({
    path: `/${basename(file.path)}`,
    type: types[extname(file.path)],
    bytes: Buffer.from(file.contents),
    immutable: true,
  }));
  for (const page of pages) {
    const html = readFileSync(join(root, page.html), "utf8").replace(/%([^%\s]+)%/g, (_, name) => {
      const path = names.get(name);
      if (!path) throw new Error(`${page.html} names ${name}, which no entry point makes`);
      return path;
    });
    const bytes = Buffer.from(html.replace(/>\s+</g, "><").trim());
    files.push({ path: page.path, type: types[".html"], bytes, immutable: false });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** gzip with no time stamp or system in its head, so that equal input gives equal bytes. */
export function compress(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed;
}

function write_cpp(files, folder) {
  const packed = files.map((file) => compress(file.bytes));
  let at = 0;
  const rows = files.map((file, i) => {
    const etag = createHash("sha256").update(file.bytes).digest("hex").slice(0, 16);
    const begin = at;
    at += packed[i].length;
    return `      Asset{"${file.path}", "${file.type}", "\\"${etag}\\"", all.subspan(${begin}, ${packed[i].length}), ${file.immutable}},`;
  });
  const source = `// Made by player/web/build.mjs.
#include "hub/web/assets.h"

#include <array>

extern "C" const std::uint8_t hub_web_assets_begin[];

namespace hub::web {

std::span<const Asset> assets() {
  static const std::span<const std::uint8_t> all{hub_web_assets_begin, ${at}};
  static const std::array files{
${rows.join("\n")}
  };
  return files;
}

}  // namespace hub::web
`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "assets.bin"), Buffer.concat(packed));
  writeFileSync(join(folder, "assets.cpp"), source);
}

function write_files(files, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    writeFileSync(join(folder, file.path.endsWith("/") ? `${file.path}index.html` : file.path), file.bytes);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const option = (name) => {
    const at = process.argv.indexOf(name);
    return at > 0 ? process.argv[at + 1] : undefined;
  };
  const out = option("--out");
  const cpp = option("--cpp");
  if (!out && !cpp) {
    process.stderr.write("usage: node build.mjs [--out DIR] [--cpp DIR]\n");
    process.exit(2);
  }
  const files = await bundle();
  if (out) write_files(files, out);
  if (cpp) write_cpp(files, cpp);
}
