/** A project of its own for each test file, with the program of this repository and stacks of many tenants. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Tier } from "../../stacks/tiers.ts";

const main = resolve(import.meta.dirname, "../../stacks/index.ts");

export class Project {
  readonly root = mkdtempSync(join(tmpdir(), "quotas-"));

  constructor() {
    this.write("Pulumi.yaml", { name: "chatstack", main });
  }

  /** YAML takes JSON as it is. */
  write(name: string, content: unknown): string {
    const path = join(this.root, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  /** A stack in production with tenants t1, t2, … of the tier. */
  stack(name: string, count: number, tier: Tier, config: Record<string, unknown> = {}): void {
    const tenants = Array.from({ length: count }, (_, index) => ({ id: `t${index + 1}`, tier }));
    this.write(`Pulumi.${name}.yaml`, {
      config: {
        "aws:region": "us-east-1",
        "chatstack:environment": "production",
        "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary",
        "chatstack:defaults": { retain: "protect" },
        "chatstack:tenants": tenants,
        ...config,
      },
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** As `aws service-quotas list-service-quotas --service-code lambda` prints it. */
export const awsFile = (value: number, more: Record<string, unknown> = {}) => ({
  Quotas: [
    {
      ServiceCode: "lambda",
      ServiceName: "AWS Lambda",
      QuotaArn: "arn:aws:servicequotas:us-east-1:123456789012:lambda/L-B99A9384",
      QuotaCode: "L-B99A9384",
      QuotaName: "Concurrent executions",
      Value: value,
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
      QuotaAppliedAtLevel: "ACCOUNT",
      ...more,
    },
    {
      ServiceCode: "lambda",
      QuotaArn: "arn:aws:servicequotas:us-east-1:123456789012:lambda/L-548AE339",
      QuotaCode: "L-548AE339",
      QuotaName: "Burst concurrency",
      Value: 3_000,
      Unit: "None",
      Adjustable: false,
      GlobalQuota: false,
    },
  ],
});
