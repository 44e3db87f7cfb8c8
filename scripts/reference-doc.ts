import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { referenceFiles } from "./reference/document.ts";

/** Writes docs/reference/ from the components' doc comments. */
const folder = resolve(import.meta.dirname, "../docs/reference");
const files = referenceFiles();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
for (const [name, text] of files) writeFileSync(join(folder, name), text);
console.log(folder);
