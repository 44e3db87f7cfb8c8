/**
 * The Lambda entries that are loaded for comparison, each as one file: a framework around the same routes, with the
 * SDK's clients that a chat needs; the clients alone; and bare Hono. `node bundles.mjs <folder>` writes them there.
 */
import { join } from "node:path";
import { build } from "esbuild";

const [outdir = "."] = process.argv.slice(2);
const clients = `
  import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
  import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
  export const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  export const commands = [GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand];
`;
const framework = (name, imports, handler) => [
  name,
  `${clients}
   ${imports}
   const store = { list: async () => ({ items: [] }), open: async (id) => ({ id }) };
   export const handler = ${handler};`,
];

const entries = new Map([
  ["sdk", clients],
  ["sdk-request", `${clients} new Request("http://localhost/health");`],
  [
    "bare-hono",
    `import { Hono } from "hono";
     import { handle } from "hono/aws-lambda";
     export const handler = handle(new Hono().get("/health", (c) => c.json({ status: "ok" })));`,
  ],
  framework(
    "hono",
    `import { Hono } from "hono"; import { handle } from "hono/aws-lambda";`,
    `handle(new Hono().get("/conversations/:id", async (c) => c.json(await store.open(c.req.param("id")))))`,
  ),
  framework(
    "express",
    `import express from "express"; import serverless from "serverless-http";`,
    `serverless(express().use(express.json()).get("/conversations/:id", async (q, r) => r.json(await store.open(q.params.id))))`,
  ),
  framework(
    "fastify",
    `import fastify from "fastify"; import lambda from "@fastify/aws-lambda";`,
    `(() => { const app = fastify(); app.get("/conversations/:id", async (q) => store.open(q.params.id)); return lambda(app); })()`,
  ),
]);

for (const [name, contents] of entries) {
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    outfile: join(outdir, `${name}.mjs`),
    bundle: true,
    minify: true,
    legalComments: "none",
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    // What is CommonJS asks for Node's own modules with a require that ES modules do not have.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
}
