/** Measures one subject, writes `bench/results/<subject>.json` and prints its tables. */
import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { versionOf } from "./peers.ts";
import { renderTable, renderTargets, resultFile } from "./render.ts";
import type { Result } from "./subject.ts";
import { subjects } from "./subjects.ts";

const [name = "", sizes = "", before = ""] = process.argv.slice(2);
const subject = subjects.get(name);
if (subject === undefined) throw new Error(`no such subject: ${name}`);

const start = performance.now();
const [load = 0] = loadavg();
const measured = await subject.measure({
  sizes: sizes.split(",").filter(Boolean).map(Number),
  ...(before && { before }),
  progress: (text) => console.error(`  ${name} ${seconds()} s: ${text}`),
});
const result: Result = {
  subject: name,
  date: new Date().toISOString().slice(0, 10),
  command: `npm run bench -- ${name}${sizes && ` --sizes ${sizes}`}${before && " --before <checkout>"}`,
  machine: {
    system: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.replace(/\s+/g, " ").trim() ?? "unknown",
    cores: cpus().length,
    load: Math.round(load * 10) / 10,
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
  },
  versions: {
    node: process.versions.node,
    ...Object.fromEntries(subject.peers.map((peer) => [peer, versionOf(peer)])),
  },
  ...measured,
};
const file = resultFile(name);
mkdirSync(new URL(".", file), { recursive: true });
writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
console.log(`## ${subject.title}\n`);
for (const table of result.tables) console.log(`${table.caption}\n\n${renderTable(table)}\n`);
console.log(renderTargets(result.targets));
console.error(`  ${name}: done in ${seconds()} s`);
// Engines and idle connections of peers may keep a process alive.
process.exit();

function seconds(): string {
  return ((performance.now() - start) / 1000).toFixed(0);
}
