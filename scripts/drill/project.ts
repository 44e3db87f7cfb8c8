import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";

const repository = join(import.meta.dirname, "../..");

/** A project in a temporary folder: the first tenant of the dev stack, kept as production keeps it. */
export interface DrillProject {
  readonly root: string;
  readonly stack: string;
  readonly tenant: string;
  readonly dataDir: string;
  remove(): void;
}

export function createProject(): DrillProject {
  const root = mkdtempSync(join(tmpdir(), "chatstack-drill-"));
  const project = parseDocument(readFileSync(join(repository, "Pulumi.yaml"), "utf8"));
  project.set("main", join(repository, "stacks/index.ts"));
  writeFileSync(join(root, "Pulumi.yaml"), String(project));

  const stack = parseDocument(readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8"));
  stack.setIn(["config", "chatstack:defaults", "retain"], "protect");
  const first = stack.getIn(["config", "chatstack:tenants", 0]);
  if (!isMap(first)) throw new Error("Pulumi.dev.yaml: its first tenant is no mapping");
  first.setIn(["table", "backups"], { retentionDays: 35 });
  stack.setIn(["config", "chatstack:tenants"], [first]);
  writeFileSync(join(root, "Pulumi.drill.yaml"), String(stack));
  return {
    root,
    stack: "drill",
    tenant: String(first.get("id")),
    dataDir: join(root, "data"),
    remove: () => rmSync(root, { recursive: true }),
  };
}
