import { defineConfig } from "vitest/config";

/** A compiler's run with every declaration checked takes ten seconds and most of a gigabyte. */
export default defineConfig({
  test: {
    include: ["test/package/matrix/**/*.test.ts"],
    globalSetup: "test/package/matrix/setup.ts",
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});
