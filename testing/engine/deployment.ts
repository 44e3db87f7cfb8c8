/**
 * `testing/engine/`: stacks under the real Pulumi CLI, over an account in a folder. Here a stack that is
 * changed step by step, and what is in the account after each.
 */
import type { CloudResource } from "./plugin/cloud.ts";
import type { EngineProject } from "./project.ts";
import { production } from "./stacks.ts";

export class Deployment {
  readonly project: EngineProject;
  readonly stack: string;

  private constructor(project: EngineProject, stack: string) {
    this.project = project;
    this.stack = stack;
  }

  /** A new production stack with the tenants, deployed. */
  static async of(
    project: EngineProject,
    stack: string,
    tenants: readonly object[],
  ): Promise<Deployment> {
    const deployment = new Deployment(project, stack);
    deployment.configure(tenants);
    await project.must("stack", "init", stack);
    await deployment.up();
    return deployment;
  }

  /** @param more of the stack's config beside its tenants. */
  configure(tenants: readonly object[], more: Readonly<Record<string, unknown>> = {}): void {
    this.project.configure(this.stack, { ...production(tenants), ...more });
  }

  /** @throws Error with the engine's output where it fails. */
  up(...options: readonly string[]): Promise<string> {
    return this.project.must("up", "--stack", this.stack, "--yes", "--skip-preview", ...options);
  }

  /** @throws Error with the differences where a preview shows any. */
  settled(): Promise<string> {
    const expected = ["--expect-no-changes", "--diff"];
    return this.project.must("preview", "--stack", this.stack, ...expected);
  }

  /** One `up` to the tenants, after which nothing is left to do. */
  async changeTo(...tenants: readonly object[]): Promise<void> {
    this.configure(tenants);
    await this.up();
    await this.settled();
  }

  /** @param type without its package, e.g. `cognito/userGroup:UserGroup`. @param name part of the logical name. */
  inAccount(type: string, name = ""): CloudResource[] {
    return this.project.cloud
      .list(`aws:${type}`)
      .filter(({ urn }) => urn.split("::").at(-1)?.includes(name));
  }
}

/** What holds data, and must outlive every change of the file. */
export const dataTypes = {
  table: "dynamodb/table:Table",
  bucket: "s3/bucket:Bucket",
  pool: "cognito/userPool:UserPool",
  key: "kms/key:Key",
  vault: "backup/vault:Vault",
} as const;
