/** `offline/cost/prices/measured-units.ts`: what each access was measured to cost, for whoever cannot import the app. */
import type { Measured } from "./measure.ts";

export const measuredUnitsModule = (measured: readonly Measured[]): string =>
  [
    "/**",
    " * Capacity units of each access, table and indexes together, as measured on the embedded engine for",
    " * items of at most 1 KB. Written by `npm run docs` from scripts/access-patterns/; a test fails when it",
    " * is stale.",
    " */",
    "export const measuredUnits = {",
    ...measured.map(
      ({ pattern, writes, reads }) =>
        `  ${JSON.stringify(pattern.name)}: { writes: ${writes}, reads: ${reads} },`,
    ),
    "} as const;",
    "",
  ].join("\n");
