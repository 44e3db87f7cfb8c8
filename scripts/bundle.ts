import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildLambdaBundle } from "../app/bundle/bundle.ts";
import { bundleFiles } from "../app/bundle/bundle-files.ts";

/** Builds the Lambda bundle, proves that building again gives the same bytes, and measures it. */
const first = bundleFiles();
const second = bundleFiles();
for (const [name, bytes] of first) {
  if (Buffer.from(bytes).equals(second.get(name) ?? new Uint8Array())) continue;
  console.error(`bundle: two builds of the same sources differ in ${name}`);
  process.exit(1);
}
const file = join(buildLambdaBundle(), "index.mjs");

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
console.log(`bundle      ${file}`);
console.log("identical   two builds gave the same bytes");
for (const [name, bytes] of first) {
  console.log(
    `size        ${kilobytes(bytes.length)} minified, ${kilobytes(gzipSync(bytes).length)} gzip: ${name}`,
  );
}
console.log(
  `load        ${median(Array.from({ length: 9 }, () => loadMs(file))).toFixed(0)} ms (median of 9 fresh processes)`,
);

/** Milliseconds that a fresh Node takes to import the bundle, its own start not counted. */
function loadMs(path: string): number {
  const code = `const t = performance.now(); await import(${JSON.stringify(path)}); console.log(performance.now() - t)`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    env: {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "none",
      AWS_SECRET_ACCESS_KEY: "none",
      TENANT: "measured",
      TABLE_NAME: "none",
      BUCKET_NAME: "none",
      USER_POOL_ID: "none",
      USER_POOL_CLIENT_IDS: "none",
    },
  });
  return Number(output.toString());
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
