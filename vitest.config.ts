import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "policies/**/*.test.ts"],
    // Minutes, under the real Pulumi CLI: `npm run test:engine`.
    exclude: [...configDefaults.exclude, "test/engine/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
