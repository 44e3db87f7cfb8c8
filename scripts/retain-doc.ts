import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { retainDocument } from "./retain-doc/document.ts";

/** Writes docs/retain.md from the table of what holds and guards data. */
const file = resolve(import.meta.dirname, "../docs/retain.md");
writeFileSync(file, retainDocument());
console.log(file);
