/** What screenshots are made of: a hash of it stands beside them, since no test compares pixels. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** By picture, the sources of the page that it shows. */
const sources: Readonly<Record<string, string>> = {
  report: "offline/report/**",
  chat: "examples/chat-page/{index.html,src/**}",
};

export const inputHashes = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(sources).map(([name, pattern]) => {
      const hash = createHash("sha256");
      const files = globSync(pattern, { cwd: root, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.test\./.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
      for (const file of files.sort()) hash.update(readFileSync(file));
      return [name, hash.digest("hex").slice(0, 16)];
    }),
  );
