import { defineConfig } from "vitest/config";

/** Under the real Pulumi CLI: an operation takes seconds, and two at a time are what two cores take. */
export default defineConfig({
  test: {
    include: ["test/engine/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxConcurrency: 2,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
