/**
 * `npm run bench`: every subject in a process of its own, so that one that fails loses no other, then
 * `docs/scale/benchmarks.md` from all results there are. `npm run bench -- units overhead` runs some of them;
 * `npm run bench -- check --sizes 1,500` at other sizes; `npm run bench -- --render` none;
 * `npm run bench -- commands --before ../earlier` with those of an earlier commit, in a checkout of its own.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installPeers } from "./peers.ts";
import { renderDocument } from "./render.ts";
import { subjects } from "./subjects.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: "string", default: "" },
    before: { type: "string", default: "" },
    render: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !subjects.has(name));
if (unknown.length > 0) {
  console.error(
    `no such subject: ${unknown.join(", ")}; there are ${[...subjects.keys()].join(", ")}`,
  );
  process.exit(2);
}
if (!values.render) {
  installPeers();
  const names = positionals.length > 0 ? positionals : [...subjects.keys()];
  const failed = names.filter((name) => !run(name));
  if (failed.length > 0) console.error(`failed: ${failed.join(", ")}; their earlier results stand`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
await renderDocument();

function run(name: string): boolean {
  const minutes = subjects.get(name)?.minutes ?? 1;
  console.error(`${name}: some ${minutes} min`);
  const { status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "run-subject.ts"), name, values.sizes, values.before],
    { stdio: "inherit", timeout: Math.max(10, minutes * 10) * 60_000 },
  );
  return status === 0;
}
