import { execFile } from "node:child_process";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../..");

/** `chatstack check` with this repository's policy pack. */
export function check(root: string, stack: string): Promise<void> {
  const pack = join(repository, "policies");
  const args = [join(repository, "bin/chatstack.js"), "check", "-s", stack, "--policy-pack", pack];
  return new Promise((resolve, reject) =>
    execFile(process.execPath, args, { cwd: root }, (error, stdout) =>
      error === null ? resolve() : reject(new Error(`chatstack check: ${stdout}`)),
    ),
  );
}
