import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { accessPatternsDocument } from "./access-patterns/document.ts";
import { measurePatterns } from "./access-patterns/measure.ts";

/** Measures every access pattern and writes docs/access-patterns.md. */
const file = resolve(import.meta.dirname, "../docs/access-patterns.md");
writeFileSync(file, accessPatternsDocument(await measurePatterns()));
console.log(file);
