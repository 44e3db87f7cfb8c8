/** What a laptop that is no Linux on x64 gets from `npm ci`, by the lockfile, and what it must bring, by README. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

interface Locked {
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  read("package-lock.json"),
);
const locked = new Map(Object.entries(packages));

/** Of glibc on Linux. */
function isFor({ os, cpu, libc = ["glibc"] }: Locked, platform: string): boolean {
  const [system = "", processor = ""] = platform.split("-");
  return [os].flat().includes(system) && [cpu].flat().includes(processor) && libc.includes("glibc");
}

/** Packages that run native code of a package for each platform, and have none for this one. */
function lacking(platform: string): string[] {
  return [...locked].flatMap(([path, { optionalDependencies = {} }]) => {
    const builds = Object.keys(optionalDependencies)
      .map((name) => locked.get(`node_modules/${name}`) ?? {})
      .filter(({ os, cpu }) => os !== undefined && cpu !== undefined);
    const isServed = builds.length === 0 || builds.some((build) => isFor(build, platform));
    return isServed ? [] : [path.replace("node_modules/", "")];
  });
}

/** Optional packages of `local/` that this platform gets. */
const brought = (platform: string, name: RegExp): boolean =>
  Object.keys(locked.get("local")?.optionalDependencies ?? {}).some(
    (one) => name.test(one) && isFor(locked.get(`node_modules/${one}`) ?? {}, platform),
  );

const machines = {
  "Linux on x64": ["linux-x64"],
  "Linux on arm64, Windows on x64": ["linux-arm64", "win32-x64"],
  "macOS, Windows on arm64": ["darwin-arm64", "darwin-x64", "win32-arm64"],
};

test.each(
  Object.entries(machines),
)("%s: README says what npm does not bring", (machine, platforms) => {
  const rows = read("README.md").matchAll(/^\| (.+) \| (.+) \| (.+) \|$/gm);
  const [, , node = "", engine = ""] = [...rows].find(([, first]) => first === machine) ?? [];
  for (const platform of platforms) {
    expect(lacking(platform).filter((name) => name !== "local")).toEqual([]);
    const said = { node: !/22\.18/.test(node), engine: engine === "nothing" };
    expect({ platform, ...said }).toEqual({
      platform,
      node: brought(platform, /^node-/),
      engine: brought(platform, /dynoxide/),
    });
  }
});

test("it would notice a package without a build for a machine", () => {
  expect(lacking("sunos-sparc")).toContain("esbuild");
});

test("without a JDK, the start says which machine lacks it and what to install", () => {
  const module = new URL("../../local/dynamodb.ts", import.meta.url).href;
  const script = `const { startDynamoDB } = await import(${JSON.stringify(module)});
    await startDynamoDB({ engine: "java" }).catch((error) => console.log(error.message));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { PATH: join(root, "nowhere") },
    encoding: "utf8",
  });
  expect(stdout).toContain(`No embedded DynamoDB for ${process.platform}-${process.arch}`);
  expect(stdout).toContain("JDK, 17 or newer (https://adoptium.net)");
  expect(stdout).toContain("AWS_ENDPOINT_URL_DYNAMODB");
});
