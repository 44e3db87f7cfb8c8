/** What `npm pack` ships, in somebody else's project: outside the repository, in ESM and in CommonJS. */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installOffline, type Packed, root, run } from "./packed.ts";

let packed: Packed;
let home: string;
let shipped: readonly string[];

beforeAll(async () => {
  packed = await installOffline();
  ({ home, shipped } = packed);
}, 300_000);

afterAll(() => packed?.remove());

test("the package has what it says it has, and neither tests, sources nor emulators", () => {
  expect(shipped).toEqual(
    expect.arrayContaining([
      "bin/chatstack.js",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/components/index.js",
      "dist/lambda/index.mjs",
      "dist/follower/index.mjs",
      "dist/policies/PulumiPolicy.yaml",
      "dist/policies/index.js",
    ]),
  );
  const own = shipped.filter((path) => !path.startsWith("dist/templates/"));
  const strange = own.filter((path) => !/^(bin|dist)\//.test(path));
  expect(strange.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
  expect(own.filter((path) => /\.test\.|samples|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});

test("what the package imports is among its dependencies, and nothing else is", async () => {
  const installed = join(home, "node_modules/chatstack");
  const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  const imported = new Set<string>();
  for (const path of shipped.filter((path) => /^dist\/(?!lambda).*\.js$/.test(path))) {
    const source = await readFile(join(installed, path), "utf8");
    for (const [, name = ""] of source.matchAll(
      /(?:from|import\(|^import|createRequire\([\w.]+\)\() ?"([^".#\s][^"\s]*)"/gm,
    )) {
      // In what is minified a text may stand where a name would.
      const [found] = /^(@[\w.-]+\/)?[a-z][\w.-]*(?=$|\/[\w./-]+$)/.exec(name) ?? [];
      const isOthers = found !== manifest.name && !isBuiltin(name);
      if (found !== undefined && isOthers) imported.add(found);
    }
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  expect([...imported].sort()).toEqual(Object.keys(declared).sort());
  expect(manifest.optionalDependencies).toBeUndefined();
});

test("every dependency runs on each version of Node that the package allows", async () => {
  const manifestOf = async (name: string, project = home) =>
    JSON.parse(await readFile(join(project, "node_modules", name, "package.json"), "utf8"));
  const installed = await manifestOf("chatstack");
  const { engines, dependencies, peerDependencies, peerDependenciesMeta } = installed;
  const command = await readFile(join(root, "bin/chatstack.js"), "utf8");
  expect(engines.node).toBe(`>=${/needs Node\.js ([\d.]+) or newer/.exec(command)?.[1]}`);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    // npm installs no optional peer by itself; the repository has each.
    const isOptional = peerDependenciesMeta[name]?.optional === true;
    const { engines: theirs } = await manifestOf(name, isOptional ? root : home);
    const needed = /(?:>=? ?)?(\d+(?:\.\d+)*)\D*$/.exec(theirs?.node ?? ">=0")?.[1] ?? "0";
    expect([name, compareVersions(needed, engines.node.slice(2)) <= 0]).toEqual([name, true]);
  }
});

const compareVersions = (a: string, b: string) =>
  a.localeCompare(b, "en", { numeric: true, sensitivity: "base" });

test("declarations reach none of zod's, which need a newer compiler than a project may have", async () => {
  const declarations = shipped.filter((path) => path.endsWith(".d.ts"));
  expect(declarations.length).toBeGreaterThan(100);
  const withZod = [];
  for (const path of declarations) {
    const text = await readFile(join(home, "node_modules/chatstack", path), "utf8");
    if (/"zod/.test(text)) withZod.push(path);
  }
  // Schemas that users of `chatstack/app` have, where Hono's types bring zod's anyway.
  const schemas = "app/events/events.d.ts";
  expect(withZod.sort()).toEqual([`dist/${schemas}`, `dist/commonjs/${schemas}`]);
});

test("the declarations of every entry type-check", async () => {
  const { exports } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const entries = Object.keys(exports).filter((path) => !path.endsWith(".json"));
  const main = join(home, "entries.ts");
  await writeFile(
    main,
    entries
      .map((path, at) => `export type * as entry${at} from "${path.replace(/^\./, "chatstack")}";`)
      .join("\n"),
  );
  const program = ts.createProgram([main], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    noEmit: true,
    types: ["node"],
  });
  // Those of other packages are theirs, and take most of the time.
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === main || fileName.includes("/chatstack/dist/"));
  expect(ours.length).toBeGreaterThan(100);
  const errors = ours.flatMap((file) => program.getSemanticDiagnostics(file));
  expect(
    errors.map(({ file, messageText }) => [
      file?.fileName,
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    ]),
  ).toEqual([]);
});

test("a class is the same one for `import` and `require`", async () => {
  const program = `
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    for (const path of ["chatstack", "chatstack/components", "chatstack/app", "chatstack/store", "chatstack/client"]) {
      const [esm, commonjs] = [await import(path), require(path)];
      console.log(Object.keys(esm).length > 5 && Object.keys(esm).every((name) => esm[name] === commonjs[name]));
    }
  `;
  await writeFile(join(home, "same.mjs"), program);
  expect(await run(home, process.execPath, "same.mjs")).toBe("true\n".repeat(5));
});

test("the container of the example keeps chats with what the package brings alone", async () => {
  const folder = join(home, "container");
  await cp(join(root, "examples/container"), folder, { recursive: true });
  const program = `
    import { createApp } from "./src/app.ts";
    import { createTableInput, dynamoDBStore, StoreError } from "chatstack/store";
    const store = dynamoDBStore({ tableName: createTableInput("chats").TableName });
    const app = createApp({ store, issuer: "https://issuer.example", clientId: "client" });
    const answers = await Promise.all(["/health", "/chats"].map((path) => app.request(path)));
    console.log(answers.map(({ status }) => status).join(), new StoreError("busy").kind);
  `;
  await writeFile(join(folder, "run.mjs"), program);
  expect(await run(folder, process.execPath, "run.mjs")).toBe("200,401 busy\n");
});

test("a new project type-checks and passes the policy check in both stacks", async () => {
  const chatstack = join(home, "node_modules/chatstack/bin/chatstack.js");
  await run(home, process.execPath, chatstack, "init", "backends", "--package", packed.tarball);
  const folder = join(home, "backends");
  await run(folder, process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", ".");
  const report = JSON.parse(await run(folder, process.execPath, chatstack, "check", "--json"));
  expect(report).toMatchObject({ outcome: "clean", failures: [] });
  expect(report.stacks).toHaveLength(2);
});

test("a foreign project's function runs the bundle that came with the package", async () => {
  await cp(join(root, "examples/own-tenant"), join(home, "own-tenant"), { recursive: true });
  const program = `
    import { evaluateStack } from "chatstack/offline";
    const { records } = await evaluateStack("dev", { root: "own-tenant" });
    const fn = records.find(({ type }) => type === "aws:lambda/function:Function");
    console.log(fn.inputs.code.archive.path);
  `;
  const folder = (await run(home, process.execPath, "--input-type=module", "-e", program)).trim();
  expect(folder).toBe(join(home, "node_modules/chatstack/dist/lambda"));
  expect(await readdir(folder)).toContain("index.mjs");
});

test("rules can be taken into a policy pack of one's own, from ESM and from CommonJS", async () => {
  const code = "console.log(chatstack.rules.length > 100, typeof chatstack.toPolicies)";
  const esm = `import * as chatstack from "chatstack/policies"; ${code}`;
  const commonjs = `const chatstack = require("chatstack/policies"); ${code}`;
  const outputs = [
    await run(home, process.execPath, "--input-type=module", "-e", esm),
    await run(home, process.execPath, "--input-type=commonjs", "-e", commonjs),
  ];
  expect(outputs).toEqual(["true function\n", "true function\n"]);
});
