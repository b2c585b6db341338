// Installs what a package-lock.json names, unless exactly that is installed already.
//   node install.mjs [FOLDER]
// Several build folders share one source tree: the stamp lies beside the modules, and the later one finds it.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(process.argv[2] ?? dirname(fileURLToPath(import.meta.url)));
const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
const stamp = join(folder, "node_modules", ".installed");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  // No script of a package runs: none of ours needs one.
  const flags = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  try {
    execFileSync("npm", flags, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    process.stderr.write(`npm ci failed in ${folder}. The first build needs the Internet; later ones do not.\n`);
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
