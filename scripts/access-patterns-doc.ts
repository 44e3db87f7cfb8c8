import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { accessPatternsDocument } from "./access-patterns/document.ts";
import { measurePatterns } from "./access-patterns/measure.ts";
import { measuredUnitsModule } from "./access-patterns/units.ts";

/** Measures every access pattern, and writes docs/scale/access-patterns.md and what `chatstack cost` goes by. */
const root = resolve(import.meta.dirname, "..");
const measured = await measurePatterns();
for (const [file, text] of [
  ["docs/scale/access-patterns.md", accessPatternsDocument(measured)],
  ["offline/cost/prices/measured-units.ts", measuredUnitsModule(measured)],
] as const) {
  writeFileSync(resolve(root, file), text);
  console.log(resolve(root, file));
}
