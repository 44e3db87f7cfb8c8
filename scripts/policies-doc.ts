import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { policiesDocument } from "./policies-doc/document.ts";

/** Writes docs/policies/rules.md from the rules. */
const file = resolve(import.meta.dirname, "../docs/policies/rules.md");
writeFileSync(file, policiesDocument());
console.log(file);
