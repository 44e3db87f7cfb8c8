import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * Folders whose files run in one process after the other, which loads the SDKs and our sources once.
 * Their tests leave nothing behind in the process: no changed environment, no open server. The others
 * start and stop processes and engines, and have a process for each file.
 */
const shared = [
  "policies/**",
  ...[
    ...[
      "app",
      "bench",
      "cells",
      "check",
      "cli",
      "client",
      "components",
      "cost",
      "docs",
      "doctor",
      "drift",
    ],
    ...[
      "graph",
      "history",
      "house",
      "offline",
      "plan",
      "quotas",
      "report",
      "stacks",
      "tenant",
      "upgrade",
    ],
  ].map((folder) => `test/${folder}/**`),
]
  .map((folder) => `${folder}/*.test.ts`)
  // The others of these two folders start an environment, or take minutes.
  .concat(
    "test/security/!(http|secrets|tokens).test.ts",
    "test/faults/{chat,coverage,races,signing-key}.test.ts",
  );

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Files of their own wait for processes half of their time: on two cores a third one runs meanwhile.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // What Node compiles of packages and sources is kept for every process that a test starts.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, "dist/compile-cache") },
    projects: [
      // In the order of their names: long files of their own first, short shared ones fill the rest.
      { extends: true, test: { name: "shared", include: shared, isolate: false } },
      {
        extends: true,
        test: {
          name: "own",
          include: ["test/**/*.test.ts"],
          // Minutes, under the real Pulumi CLI: `npm run test:engine`.
          exclude: [
            ...configDefaults.exclude,
            "test/engine/**",
            // The compilers of others: `npm run test:package`.
            "test/package/matrix/**",
            ...shared,
          ],
        },
      },
    ],
  },
});
