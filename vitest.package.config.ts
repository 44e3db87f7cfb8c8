import { defineConfig } from "vitest/config";

/** A compiler's run with every declaration checked takes ten seconds and most of a gigabyte. */
export default defineConfig({
  test: {
    include: ["test/package/matrix/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});
