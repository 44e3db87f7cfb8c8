/**
 * `test/package/matrix/`: the packed package under each compiler and module resolution that a project may
 * have, with every declaration checked: `npm run test:package`. It installs the compilers from the registry.
 */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { examplesOf, install, type Packed, root, run } from "../packed.ts";

const compilers = {
  "5.4": "npm:typescript@5.4.5",
  "5.9": "npm:typescript@5.9.3",
  "6": `npm:typescript@${manifest.devDependencies.typescript}`,
};
const settings = {
  node10: { type: "commonjs", module: "commonjs", moduleResolution: "node10" },
  "node16, CommonJS": { type: "commonjs", module: "node16", moduleResolution: "node16" },
  "node16, ESM": { type: "module", module: "node16", moduleResolution: "node16" },
  "nodenext, CommonJS": { type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
  "nodenext, ESM": { type: "module", module: "nodenext", moduleResolution: "nodenext" },
  bundler: { type: "module", module: "esnext", moduleResolution: "bundler" },
};
const entries = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));

let packed: Packed;

beforeAll(async () => {
  packed = await install({
    ...Object.fromEntries(
      Object.entries(compilers).map(([version, source]) => [`typescript-${version}`, source]),
    ),
    "@arethetypeswrong/cli": "0.18.5",
    publint: "0.3.25",
  });
  for (const example of examplesOf("esm")) {
    const folder = join(packed.home, "examples", example);
    await cp(join(root, "examples", example), folder, { recursive: true });
    // Whether a module is CommonJS is what each case says, not what the example's manifest does.
    await rm(join(folder, "package.json"));
  }
}, 600_000);

afterAll(() => packed?.remove());

/**
 * Errors in a peer's own declarations, which a project that checks declarations sees without us too:
 * `@pulumi/policy` exports two names that its `proxy.d.ts` lacks, and `@grpc/grpc-js`, which `@pulumi/pulumi`
 * brings, takes a CommonJS type for an ES module's.
 */
const theirs = /^(\.\.\/)*node_modules\/(@pulumi\/policy|@grpc\/grpc-js)\//;

describe.each(Object.keys(compilers))("TypeScript %s", (version) => {
  test.each(Object.entries(settings))("%s", async (_, { type, ...resolution }) => {
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
      preserveSymlinks: true,
      // What holds with declarations checked holds without.
      skipLibCheck: false,
    };
    const examples = examplesOf(type === "module" ? "esm" : "commonjs");
    const names = entries.map((path, index) => {
      const specifier = path.replace(/^\./, manifest.name);
      return `import * as entry${index} from "${specifier}";\nexport const first${index} = Object.keys(entry${index})[0];`;
    });
    const wrong = [
      'import { ChatTable } from "chatstack";',
      "// @ts-expect-error: a tenant is a name",
      'export const table = () => new ChatTable("chat", { tenant: 1 });',
    ];
    await writeFile(join(folder, "entries.ts"), [...names, ...wrong].join("\n"));
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions,
        files: ["entries.ts", ...examples.map((name) => `examples/${name}/index.ts`)],
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
