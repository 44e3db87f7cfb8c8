/** Evaluates and checks a stack of so many tenants, as production has them; the result is on descriptor 3. */
import { mkdtempSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { check } from "../../offline/check/check.ts";

const repository = resolve(import.meta.dirname, "../..");
const root = projectWith(Number(process.argv[2] ?? 1));
try {
  const { summary, outcome, failures, stacks } = await check({
    root,
    pack: join(repository, "policies"),
  });
  const reasons = [...failures, ...stacks.flatMap((stack) => stack.failures)];
  if (outcome === "could-not-judge") throw new Error(reasons.join("\n"));
  const findings = summary.violations + summary.advisories;
  writeSync(3, JSON.stringify({ resources: summary.resources, findings }));
} finally {
  rmSync(root, { recursive: true });
}

/** A project whose only stack has that many tenants. */
function projectWith(tenants: number): string {
  const folder = mkdtempSync(join(tmpdir(), "bench-check-"));
  const main = join(repository, "stacks/index.ts");
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
    "chatstack:defaults": { retain: "protect" },
    "chatstack:tenants": Array.from({ length: tenants }, (_, index) => ({
      id: `tenant-${index}`,
      tier: "standard",
    })),
  };
  // YAML takes JSON as it is.
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(join(folder, "Pulumi.bench.yaml"), JSON.stringify({ config }));
  return folder;
}
