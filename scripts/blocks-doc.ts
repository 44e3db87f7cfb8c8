import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { documents, fillBlocks } from "./blocks.ts";

/** Writes what commands print into the documents that show it. */
for (const name of documents) {
  const file = resolve(import.meta.dirname, "..", name);
  writeFileSync(file, await fillBlocks(readFileSync(file, "utf8")));
  console.log(file);
}
