/** Runs a `chatstack` command in a project of so many tenants; its exit code goes to descriptor 3. */
import { rmSync, writeSync } from "node:fs";
import { policyPack, projectWith } from "../project.ts";

const [node = "", , tenants, ...args] = process.argv;
const root = projectWith(Number(tenants));
process.chdir(root);
const pack = ["check", "report"].includes(args[0] ?? "") ? ["--policy-pack", policyPack] : [];
process.argv = [node, "chatstack", ...args, ...pack];
await import("../../cli/chatstack.ts");
rmSync(root, { recursive: true });
writeSync(3, JSON.stringify({ exitCode: process.exitCode ?? 0 }));
