#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

// Plain JavaScript that old versions of Node understand, so that they can say what is wrong.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

// TypeScript runs without a compiler from 22.18 on, and so does everything behind this file.
if (major < 22 || (major === 22 && minor < 18)) {
  // npm puts it first on the PATH of what it runs, so an old Node there means that it brought none.
  const isBrought = existsSync(new URL("../node_modules/.bin/node", import.meta.url));
  const advice = isBrought
    ? "Run it as `npx --no -- chatstack` in the repository, which uses the Node.js 24 that npm installed there"
    : `Install Node.js 22.18 or newer from https://nodejs.org: npm brings none along for ${process.platform}-${process.arch}`;
  console.error(
    `chatstack needs Node.js 22.18 or newer; this is ${process.versions.node}. ${advice}.`,
  );
  process.exit(2);
}

// What V8 compiled is kept beside the packages, for the processes and threads of this command too: the next one starts in
// half the time. Where the folder cannot be written, nothing is kept.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL("../node_modules/.cache/compiled", import.meta.url),
);
nodeModule.enableCompileCache?.();

// The repository runs its sources; a package has them compiled, as Node strips no types in node_modules.
const source = new URL("../cli/chatstack.ts", import.meta.url);
await import(existsSync(source) ? source.href : "../dist/cli/chatstack.js");
