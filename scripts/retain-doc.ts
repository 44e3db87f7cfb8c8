import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { retainDocument } from "./retain-doc/document.ts";

/** Writes docs/operations/retain.md from the table of what holds and guards data. */
const file = resolve(import.meta.dirname, "../docs/operations/retain.md");
writeFileSync(file, retainDocument());
console.log(file);
