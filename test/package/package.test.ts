/** What `npm pack` ships, in somebody else's project: outside the repository, in ESM and in CommonJS. */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplesOf, install, type Packed, root, run } from "./packed.ts";

let packed: Packed;
let home: string;
let shipped: readonly string[];

beforeAll(async () => {
  packed = await install();
  ({ home, shipped } = packed);
}, 300_000);

afterAll(() => packed?.remove());

const tsc = join(root, "node_modules/typescript/bin/tsc");

test("the package has what it says it has, and neither tests, sources nor emulators", () => {
  expect(shipped).toEqual(
    expect.arrayContaining([
      "bin/chatstack.js",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/components/index.js",
      "dist/lambda/index.mjs",
      "dist/policies/PulumiPolicy.yaml",
      "dist/policies/index.js",
    ]),
  );
  const strange = shipped.filter((path) => !/^(bin|dist)\//.test(path));
  expect(strange.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
  expect(shipped.filter((path) => /\.test\.|samples|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});

test("what the package imports is among its dependencies, and nothing else is", async () => {
  const installed = join(home, "node_modules/chatstack");
  const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  const imported = new Set<string>();
  for (const path of shipped.filter((path) => /^dist\/(?!lambda).*\.js$/.test(path))) {
    const source = await readFile(join(installed, path), "utf8");
    for (const [, name = ""] of source.matchAll(
      /(?:from|import\(|^import) ?"([^".#\s][^"\s]*)"/gm,
    )) {
      if (!name.startsWith("node:")) imported.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    }
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  expect([...imported].sort()).toEqual(Object.keys(declared).sort());
  expect(manifest.optionalDependencies).toBeUndefined();
});

test("every dependency runs on each version of Node that the package allows", async () => {
  const manifestOf = async (name: string) =>
    JSON.parse(await readFile(join(home, "node_modules", name, "package.json"), "utf8"));
  const { engines, dependencies, peerDependencies } = await manifestOf("chatstack");
  const command = await readFile(join(root, "bin/chatstack.js"), "utf8");
  expect(engines.node).toBe(`>=${/needs Node\.js ([\d.]+) or newer/.exec(command)?.[1]}`);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    const { engines: theirs } = await manifestOf(name);
    const needed = /(?:>=? ?)?(\d+(?:\.\d+)*)\D*$/.exec(theirs?.node ?? ">=0")?.[1] ?? "0";
    expect([name, compareVersions(needed, engines.node.slice(2)) <= 0]).toEqual([name, true]);
  }
});

const compareVersions = (a: string, b: string) =>
  a.localeCompare(b, "en", { numeric: true, sensitivity: "base" });

test("declarations reach none of zod's, which need a newer compiler than a project may have", async () => {
  const declarations = shipped.filter((path) => path.endsWith(".d.ts"));
  expect(declarations.length).toBeGreaterThan(100);
  for (const path of declarations) {
    const text = await readFile(join(home, "node_modules/chatstack", path), "utf8");
    expect([path, /"zod/.test(text)]).toEqual([path, false]);
  }
});

test("a class is the same one for `import` and `require`", async () => {
  const program = `
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    for (const path of ["chatstack", "chatstack/components", "chatstack/client"]) {
      const [esm, commonjs] = [await import(path), require(path)];
      console.log(Object.keys(esm).length > 5 && Object.keys(esm).every((name) => esm[name] === commonjs[name]));
    }
  `;
  await writeFile(join(home, "same.mjs"), program);
  expect(await run(home, process.execPath, "same.mjs")).toBe("true\ntrue\ntrue\n");
});

describe.each(["esm", "commonjs"] as const)("in an empty TypeScript project (%s)", (format) => {
  const examples = examplesOf(format);
  let project: string;

  beforeAll(async () => {
    project = join(home, format);
    await mkdir(project);
    const compilerOptions = {
      strict: true,
      target: "es2024",
      types: ["node"],
      skipLibCheck: true,
      ...(format === "esm"
        ? { module: "nodenext", noEmit: true }
        : {
            // As Pulumi's own TypeScript template has it.
            module: "commonjs",
            moduleResolution: "node10",
            ignoreDeprecations: "6.0",
            outDir: "bin",
            rootDir: ".",
          }),
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    for (const example of examples) {
      await cp(join(root, "examples", example), join(project, example), { recursive: true });
      if (format === "esm") continue;
      const manifest = join(project, example, "package.json");
      await writeFile(
        manifest,
        (await readFile(manifest, "utf8")).replace('"module"', '"commonjs"'),
      );
      const pulumi = join(project, example, "Pulumi.yaml");
      const main = `main: ../bin/${example}/index.js`;
      await writeFile(pulumi, (await readFile(pulumi, "utf8")).replace("main: index.ts", main));
    }
  });

  test("every example type-checks, and a wrong argument does not", async () => {
    const wrong = [
      'import { ChatTable } from "chatstack";',
      "// @ts-expect-error: a tenant is a name",
      'export const table = () => new ChatTable("chat", { tenant: 1 });',
    ];
    await writeFile(join(project, "wrong.ts"), wrong.join("\n"));
    await run(project, process.execPath, tsc, "-p", ".");
  });

  test.each(examples)("%s is evaluated and passes the policy check", async (example) => {
    const chatstack = join(home, "node_modules/chatstack/bin/chatstack.js");
    const folder = join(project, example);
    const report = JSON.parse(await run(folder, process.execPath, chatstack, "check", "--json"));
    expect(report).toMatchObject({ outcome: "clean", failures: [] });
    expect(report.stacks[0].resources).toBeGreaterThan(1);
  });
});

test("a foreign project's function runs the bundle that came with the package", async () => {
  const program = `
    import { evaluateStack } from "chatstack/offline";
    const { records } = await evaluateStack("dev", { root: "esm/own-tenant" });
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
