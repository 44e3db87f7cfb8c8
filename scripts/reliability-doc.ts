import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { resolve } from "node:path";
import { operations } from "../testing/faults/operations/all.ts";
import { type CrashesOf, type FaultsOf, fileOf } from "../testing/faults/report.ts";
import type { Soak } from "../testing/load/soak.ts";
import type { Peaks } from "../testing/memory/peak.ts";
import { reliabilityDocument } from "./reliability/document.ts";

/** Writes docs/scale/reliability.md from what `npm run test:faults`, `bench:soak` and `bench:memory` left in dist/. */
const file = resolve(import.meta.dirname, "../docs/scale/reliability.md");
const measurements = (["dynamodb", "s3"] as const).flatMap((history) =>
  operations[history].map(({ name }) => ({ history, name })),
);
const faults = measurements.map(
  ({ history, name }): FaultsOf => read(fileOf("faults", history, name)),
);
const crashes = measurements.map(
  ({ history, name }): CrashesOf => read(fileOf("crashes", history, name)),
);
const soak: Soak | undefined = readIfThere("soak");
const memory: Peaks | undefined = readIfThere("memory");

const require = createRequire(import.meta.url);
const version = (name: string) => `${name} ${require(`${name}/package.json`).version}`;
const circumstances = [
  `on ${new Date().toISOString().slice(0, 10)}`,
  `Node ${process.versions.node}, ${["@aws-sdk/client-dynamodb", "@aws-sdk/client-s3"].map(version).join(", ")}`,
  `${process.platform} ${process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
];

writeFileSync(file, reliabilityDocument({ faults, crashes, soak, memory, circumstances }));
console.log(file);

function readIfThere(name: string) {
  const path = resolve(import.meta.dirname, `../dist/${name}.json`);
  return existsSync(path) ? read(path) : undefined;
}

function read(path: string) {
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run test:faults\` first`);
  return JSON.parse(readFileSync(path, "utf8"));
}
