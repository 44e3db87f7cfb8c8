/** Evaluates the stack of one folder, and tells the parent process its records. */
import { evaluateStack } from "../../project.ts";
import { withCodeHashes } from "./code-hash.ts";
import type { Answer } from "./revision.ts";

const [root = "", stack = ""] = process.argv.slice(2);

const tell = (answer: Answer) => process.send?.(answer, () => process.exit(0));

try {
  const { records } = await evaluateStack(stack, { root });
  // Here, since the folder is gone when the records are read.
  tell({ records: withCodeHashes(records) });
} catch (error) {
  tell({ failure: error instanceof Error ? error.message : String(error) });
}
