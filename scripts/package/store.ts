import { join } from "node:path";
import { buildSync } from "esbuild";

/**
 * The stores as a library, `chatstack/store`, and what stands on them. With the AWS SDK, so that a project needs none, and
 * all of its ways to credentials.
 */
export function writeStore(root: string, dist: string): void {
  const names = ["index", "ai", "langchain"];
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `history/${name}.ts`])),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    mainFields: ["module", "main"],
    splitting: true,
    outdir: join(dist, "store"),
    minify: true,
    legalComments: "none",
    external: ["zod", "@langchain/core/*"],
  });
}
