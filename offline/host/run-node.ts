/**
 * The process of a program that Node.js runs: `cmd/run` of the program's own `@pulumi/pulumi`, as the CLI's
 * language host starts it, and watched.
 *
 *     node run-node.ts <folder of the program> <seconds> <arguments of cmd/run>
 */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { type HostMessage, hostChannel } from "./messages.ts";
import { adaptSdk } from "./sdk.ts";
import { watch } from "./watch.ts";

const [node = "", script = "", folder = "", seconds, ...args] = process.argv;
const require = createRequire(`${folder}/`);
process.argv = [node, script, ...args];

/** At once: the event loop may not turn again. */
function tell(message: HostMessage): void {
  writeSync(hostChannel, `${JSON.stringify(message)}\n`);
}

const exit = process.exit.bind(process);
process.exit = (code) => {
  const { stack = "" } = new Error();
  tell({ kind: "exit", code: String(code ?? process.exitCode ?? 0), stack });
  return exit(code);
};

process.once("SIGTERM", () => {
  tell({ kind: "pending", message: pendingPromises() });
  exit(1);
});

/** What the SDK knows of promises that are still open. Older versions know less. */
function pendingPromises(): string {
  try {
    const [, message] = require("@pulumi/pulumi/runtime/debuggable.js").leakedPromises();
    return String(message);
  } catch {
    return "";
  }
}

adaptSdk(require("@pulumi/pulumi"));
watch(Number(seconds), true, () => exit(1));
tell({ kind: "begun" });
require("@pulumi/pulumi/cmd/run");
