// Runs the tests of the attendee page in a real browser, or those of the file that is named (console.mjs). Exit 77 (a skip for ctest) where Chromium or ffmpeg is
// missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const page = join(root, "../../player/web");

const missing = [];
if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) missing.push("chromium");
if (spawnSync("ffmpeg", ["-version"], { stdio: "ignore" }).error) missing.push("ffmpeg");
if (missing.length > 0) {
  process.stdout.write(`skipped: install ${missing.join(" and ")}\n`);
  process.exit(77);
}
for (const folder of [page, root]) {
  const { status } = spawnSync(process.execPath, [join(page, "install.mjs"), folder], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
const { status } = spawnSync(process.execPath, [join(root, process.argv[2] ?? "all.mjs")], { stdio: "inherit" });
process.exit(status ?? 1);
