/**
 * Runs a `chatstack` command of a checkout, in a folder or in a project of so many tenants; its exit code goes to
 * descriptor 3.
 */
import { rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectWith } from "../project.ts";

const [node = "", , checkout = "", where = "", ...args] = process.argv;
const isFolder = where.startsWith("/");
const root = isFolder ? where : projectWith(Number(where), checkout);
process.chdir(root);
const hasPack = ["check", "report"].includes(args[0] ?? "");
process.argv = [
  ...[node, "chatstack", ...args],
  ...(hasPack ? ["--policy-pack", join(checkout, "policies")] : []),
];
await import(pathToFileURL(join(checkout, "bin/chatstack.js")).href);
if (!isFolder) rmSync(root, { recursive: true });
writeSync(3, JSON.stringify({ exitCode: process.exitCode ?? 0 }));
// A finding, such as a quota that so many tenants exceed, is what was measured, and no failure.
if (hasPack && process.exitCode === 1) process.exitCode = 0;
