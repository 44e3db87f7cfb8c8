/** Each compiler and module resolution that a project may have, with every declaration checked. */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { examplesOf, run } from "../packed.ts";
import { compilers } from "./setup.ts";

const settings = {
  node10: { type: "commonjs", module: "commonjs", moduleResolution: "node10" },
  "node16, CommonJS": { type: "commonjs", module: "node16", moduleResolution: "node16" },
  "node16, ESM": { type: "module", module: "node16", moduleResolution: "node16" },
  "nodenext, CommonJS": { type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
  "nodenext, ESM": { type: "module", module: "nodenext", moduleResolution: "nodenext" },
  bundler: { type: "module", module: "esnext", moduleResolution: "bundler" },
};
const entries = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));

/**
 * Entries whose types are of Hono, zod and LangChain. The declarations of these ask for TypeScript 5.7 or newer, and for
 * another resolution than CommonJS by `node10` or `node16`, also in projects without us.
 */
const ofPeers = ["./app", "./store", "./langchain", "./ai"];
const takesPeers = (version: string, name: string): boolean =>
  version !== "5.4" && name !== "node10" && name !== "node16, CommonJS";

/** What functions and containers of the examples run. */
const apps = ["own-app/src/app.ts", "extended-app/src/app.ts", "container/src/server.ts"];

const wrongPorts = [
  'import { createApp, dependencies } from "chatstack/app";',
  "const { passages, ...ports } = dependencies();",
  "export const whole = () => createApp({ ...ports, passages });",
  "// @ts-expect-error: a port is missing",
  "export const app = () => createApp(ports);",
];

const packed = inject("packed");

/**
 * Errors in a peer's own declarations, which a project that checks declarations sees without us too:
 * `@pulumi/policy` exports two names that its `proxy.d.ts` lacks, and `@grpc/grpc-js`, which `@pulumi/pulumi`
 * brings, takes a CommonJS type for an ES module's.
 */
const theirs = /^(\.\.\/)*node_modules\/(@pulumi\/policy|@grpc\/grpc-js)\//;

describe.each(Object.keys(compilers))("TypeScript %s", (version) => {
  test.each(Object.entries(settings))("%s", async (name, { type, ...resolution }) => {
    const folder = join(packed.home, "case");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await symlink(join(packed.home, "examples"), join(folder, "examples"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ type }));
    const compilerOptions = {
      ...resolution,
      ...(version === "6" && { ignoreDeprecations: "6.0" }),
      strict: true,
      target: "es2022",
      types: ["node"],
      noEmit: true,
      allowImportingTsExtensions: true,
      preserveSymlinks: true,
      // What holds with declarations checked holds without.
      skipLibCheck: false,
    };
    const withPeers = takesPeers(version, name);
    // The program of the own app is typed by its app, and with it by Hono.
    const examples = examplesOf(type === "module" ? "esm" : "commonjs").filter(
      (example) => withPeers || example !== "own-app",
    );
    const used = entries.filter((path) => withPeers || !ofPeers.includes(path));
    const names = used.map((path, index) => {
      const specifier = path.replace(/^\./, manifest.name);
      return `import * as entry${index} from "${specifier}";\nexport const first${index} = Object.keys(entry${index})[0];`;
    });
    const wrong = [
      'import { ChatTable } from "chatstack";',
      "// @ts-expect-error: a tenant is a name",
      'export const table = () => new ChatTable("chat", { tenant: 1 });',
      ...(withPeers ? wrongPorts : []),
    ];
    await writeFile(join(folder, "entries.ts"), [...names, ...wrong].join("\n"));
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions,
        files: [
          "entries.ts",
          ...examples.map((example) => `examples/${example}/index.ts`),
          ...(type === "module" && withPeers ? apps.map((path) => `examples/${path}`) : []),
        ],
      }),
    );
    const tsc = join(packed.home, `node_modules/typescript-${version}/lib/tsc.js`);
    const output = await run(folder, process.execPath, tsc, "-p", ".").catch(
      (error: Error) => error.message,
    );
    const errors = output.split("\n").filter((line) => line.includes("error TS"));
    expect(errors.filter((line) => !theirs.test(line))).toEqual([]);
  });
});

test("arethetypeswrong finds nothing, for any entry", async () => {
  const attw = join(packed.home, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const report = JSON.parse(
    await run(packed.home, process.execPath, attw, packed.tarball, "--format", "json"),
  );
  expect(Object.keys(report.analysis.entrypoints)).toEqual(expect.arrayContaining(entries));
  expect(report.problems).toEqual({});
});

test("publint finds nothing", async () => {
  const publint = join(packed.home, "node_modules/publint/src/cli.js");
  await run(packed.home, process.execPath, publint, "run", "--strict", packed.tarball);
});
