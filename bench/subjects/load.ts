import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildLambdaBundle } from "../../app/bundle/bundle.ts";
import { runInOwnProcess } from "../own-process.ts";
import { peersFolder } from "../peers.ts";
import { interleaved, spread } from "../statistics.ts";
import { environment } from "../stub-store.ts";
import type { Context, Measured, Subject } from "../subject.ts";

const rounds = 31;

export const load: Subject = {
  name: "load",
  title: "What a cold start loads",
  about: `Bundles by esbuild with one set of options, minified, each imported by a fresh Node, its own start not counted.
The peers have one route and the DynamoDB clients that a chat needs; ours is the whole function. Size is what the entry imports
at once; what it loads later, by its first use, stands beside it. "SDK alone" is the clients without any framework.`,
  minutes: 2,
  peers: [
    "@aws-sdk/client-dynamodb",
    "@aws-sdk/lib-dynamodb",
    "hono",
    "express",
    "serverless-http",
    "fastify",
    "@fastify/aws-lambda",
  ],
  measure,
};

async function measure({ progress, sizes }: Context): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-load-"));
  try {
    progress("bundling");
    execFileSync(process.execPath, [join(peersFolder, "http/bundles.mjs"), folder]);
    const ours = buildLambdaBundle();
    const files = new Map([
      ["chatstack", join(ours, "index.mjs")],
      ["SDK alone", join(folder, "sdk.mjs")],
      ["SDK and first Request", join(folder, "sdk-request.mjs")],
      ["Hono", join(folder, "hono.mjs")],
      ["Express, serverless-http", join(folder, "express.mjs")],
      ["Fastify, @fastify/aws-lambda", join(folder, "fastify.mjs")],
      ["bare Hono, no SDK", join(folder, "bare-hono.mjs")],
    ]);
    const worker = join(import.meta.dirname, "../workers/load.mjs");
    const variables = { ...environment, ...credentials };
    const runs = await interleaved(
      sizes[0] ?? rounds,
      new Map(
        [...files].map(([name, file]) => [
          name,
          async () => (await runInOwnProcess<number>(worker, [file], variables)).result,
        ]),
      ),
      progress,
    );
    const milliseconds = (name: string) => spread(runs.get(name) ?? []);
    const startKilobytes = (name: string) => startBytes(files.get(name) ?? "") / 1024;
    const ratio = milliseconds("chatstack").median / milliseconds("SDK alone").median;
    const toReady = milliseconds("chatstack").median / milliseconds("SDK and first Request").median;
    return {
      tables: [
        {
          caption: "Loaded at the start, by a fresh process",
          columns,
          rows: [...files.keys()].map((name) => ({
            name,
            kilobytes: startKilobytes(name),
            later: name === "chatstack" ? folderBytes(ours) / 1024 - startKilobytes(name) : 0,
            milliseconds: milliseconds(name),
            ratio: milliseconds(name).median / milliseconds("SDK alone").median,
          })),
        },
      ],
      targets: [
        {
          target: "at most 700 KB, minified, with the SDK's clients",
          measured: `${startKilobytes("chatstack").toFixed(0)} KB`,
          met: startKilobytes("chatstack") <= 700,
        },
        {
          target: "loads in at most 1.3 times what the SDK's clients take alone",
          measured: `${ratio.toFixed(2)} times`,
          met: ratio <= 1.3,
          otherwise: `Ours makes its first \`Request\` while it loads, which loads Node's fetch: whoever does it later makes the first
user wait for it. Against the clients and that, it takes ${toReady.toFixed(2)} times. The rest is zod and the schemas of all routes, made
at the start so that no request makes any. Left out for it already: the SDK's credential chain, the OpenAPI generator, zod's
languages; loaded later: S3, Bedrock, PDF.js.`,
        },
      ],
      notes: [
        `Bare Hono wins: it validates nothing, describes nothing, and leaves Node's fetch to its first request. "KB later" is the S3
client, the Bedrock client and PDF.js.`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const columns = [
  { key: "name", label: "bundle" },
  { key: "kilobytes", label: "KB at the start" },
  { key: "later", label: "KB later" },
  { key: "milliseconds", label: "ms", digits: 1 },
  { key: "ratio", label: "ms, SDK alone = 1", digits: 2 },
];

const credentials = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
};

/** Bytes that a file imports other than dynamically, itself among them. */
function startBytes(file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const code = readFileSync(file, "utf8");
  const imports = code.matchAll(/(?:from|import)"\.\/([\w.-]+\.mjs)"/g);
  return [...imports].reduce(
    (sum, [, name = ""]) => sum + startBytes(join(file, "..", name), seen),
    Buffer.byteLength(code),
  );
}

const folderBytes = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
