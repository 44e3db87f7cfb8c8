/**
 * `operations/fleet/`: one operation on many stacks at once: selection, plan, journal, resumption.
 *
 * What makes an operation on a stack the same one when a run is resumed.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { plainValue } from "../../offline/engine-config/plain.ts";
import { readYaml } from "../../offline/engine-config/read.ts";
import type { Job } from "./engine/engine.ts";

/**
 * A hash of the operation, its options and the stack's config. Of the stack's file the config alone: a first
 * `up` writes the salt of the stack's secrets into it. Secrets count as they stand there, encrypted.
 */
export function fingerprintOf(root: string, job: Job): string {
  const file = [".yaml", ".yml"]
    .map((extension) => join(root, `Pulumi.${job.stack}${extension}`))
    .find(existsSync);
  const { config } = stackFile.parse(
    file === undefined ? {} : (plainValue(readYaml(readFileSync(file, "utf8")).value) ?? {}),
  );
  const policies = job.policyPackConfig && readFileSync(job.policyPackConfig, "utf8");
  const { operation, stack, policyPack } = job;
  return createHash("sha256")
    .update(JSON.stringify({ operation, stack, policyPack, policies, config }))
    .digest("hex");
}

const stackFile = z.looseObject({ config: z.unknown() });
