/** Pulumi projects of as many tenants as a measurement wants, as production has them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const repository = resolve(import.meta.dirname, "..");

export const policyPack = join(repository, "policies");

/**
 * A project with the stack `bench`, and `before`, in which the first tenant has other settings and the
 * last is not there yet. The caller removes the folder.
 *
 * @param checkout whose program it is.
 */
export function projectWith(tenants: number, checkout = repository): string {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const main = join(checkout, "stacks/index.ts");
  const all = Array.from({ length: tenants }, (_, index) => ({
    id: `tenant-${index}`,
    tier: "standard",
  }));
  const [first, ...others] = all.slice(0, Math.max(1, tenants - 1));
  // YAML takes JSON as it is.
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(join(folder, "Pulumi.bench.yaml"), JSON.stringify({ config: configOf(all) }));
  const before = [{ ...first, table: { recoveryDays: 14 } }, ...others];
  writeFileSync(join(folder, "Pulumi.before.yaml"), JSON.stringify({ config: configOf(before) }));
  return folder;
}

const configOf = (tenants: readonly object[]) => ({
  "aws:region": "us-east-1",
  "chatstack:environment": "production",
  "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
  "chatstack:defaults": { retain: "protect" },
  "chatstack:tenants": tenants,
});
