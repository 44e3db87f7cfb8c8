/** What `npm pack` ships, in somebody else's project: outside the repository, in ESM and in CommonJS. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const examples = ["one-table", "own-tenant", "existing-network"];
const execute = promisify(execFile);
let home: string;
let shipped: string[];

/** Output of a command; a failure's message has what it wrote. */
async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if (!(error instanceof Error && "stdout" in error && "stderr" in error)) throw error;
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
  }
}

const tsc = join(root, "node_modules/typescript/bin/tsc");

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "chatstack-package-"));
  const packed = JSON.parse(
    await run(root, "npm", "pack", "--json", "--silent", "--pack-destination", home),
  );
  const [{ filename, files }] = Array.isArray(packed) ? packed : Object.values(packed);
  shipped = files.map(({ path }: { path: string }) => path);
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  // At the repository's versions, which npm has in its cache; the peers come by themselves.
  const pinned = ["@pulumi/aws", "@pulumi/pulumi", "@types/node"];
  const dependencies = {
    chatstack: `file:${join(home, filename)}`,
    ...Object.fromEntries(pinned.map((name) => [name, devDependencies[name]])),
  };
  await writeFile(join(home, "package.json"), JSON.stringify({ private: true, dependencies }));
  await run(
    home,
    "npm",
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  );
}, 300_000);

afterAll(() => rm(home, { recursive: true, force: true }));

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

describe.each(["esm", "commonjs"] as const)("in an empty TypeScript project (%s)", (format) => {
  let project: string;

  beforeAll(async () => {
    project = join(home, format);
    await mkdir(project);
    const compilerOptions = {
      strict: true,
      target: "es2024",
      module: "nodenext",
      types: ["node"],
      skipLibCheck: true,
      ...(format === "esm" ? { noEmit: true } : { outDir: "bin", rootDir: "." }),
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
