/**
 * `test/package/matrix/`: the packed package in other people's projects, with what they install from the registry: `npm run
 * test:package`.
 *
 * Packs and installs it once, for every file.
 */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import manifest from "../../../package.json" with { type: "json" };
import { examplesOf, install, type Packed, root } from "../packed.ts";

export const compilers = {
  "5.4": "npm:typescript@5.4.5",
  "5.9": "npm:typescript@5.9.3",
  "6": `npm:typescript@${manifest.devDependencies.typescript}`,
};

declare module "vitest" {
  interface ProvidedContext {
    readonly packed: Pick<Packed, "home" | "tarball">;
  }
}

export default async function setup({ provide }: TestProject) {
  const { home, tarball, remove } = await install({
    ...Object.fromEntries(
      Object.entries(compilers).map(([version, source]) => [`typescript-${version}`, source]),
    ),
    "@arethetypeswrong/cli": "0.18.5",
    publint: "0.3.25",
  });
  for (const example of [...examplesOf("esm"), "container"]) {
    const folder = join(home, "examples", example);
    await cp(join(root, "examples", example), folder, { recursive: true });
    // Whether a module is CommonJS is what each case says, not what the example's manifest does.
    await rm(join(folder, "package.json"));
  }
  provide("packed", { home, tarball });
  return remove;
}
