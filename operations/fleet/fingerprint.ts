/** What makes an operation on a stack the same one when a run is resumed. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { sorted } from "../../app/sql/sorted.ts";
import { jsonIn } from "../../offline/fields.ts";
import { readText } from "../../offline/files/files.ts";
import { listStacks, readProject, readStackFile } from "../../offline/project.ts";
import { plainValue } from "../../stacks/yaml/plain.ts";
import { readYaml } from "../../stacks/yaml/read.ts";
import type { Job } from "./engine/engine.ts";

/**
 * A hash of the operation, its options and what the stack's and the policies' config mean: the CLI itself rewrites a
 * stack's file, where it adds the salt of the secrets, drops an empty `config`, and quotes and indents anew. Secrets
 * count as they stand there, encrypted.
 */
export function fingerprintOf(root: string, job: Job): string {
  const { operation, stack, policyPack, policyPackConfig, refresh } = job;
  const policies = policyPackConfig && meant(readText(resolve(root, policyPackConfig)));
  const config = listStacks(root).includes(stack) ? configOf(root, stack) : {};
  return createHash("sha256")
    .update(JSON.stringify(sorted({ operation, stack, policyPack, refresh, policies, config })))
    .digest("hex");
}

/** Config as the program gets it, objects parsed; of a secret the encrypted text. */
function configOf(root: string, stack: string): Readonly<Record<string, unknown>> {
  const project = readProject(root).name;
  const { config, secretKeys, path } = readStackFile(root, project, stack);
  const { config: written } = stackFile.parse(
    secretKeys.length > 0 ? plainValue(readYaml(readFileSync(path, "utf8")).value) : {},
  );
  const values = Object.entries(config).map(([key, value]) => {
    const own = key.slice(key.indexOf(":") + 1);
    return [key, secretKeys.includes(key) ? (written?.[key] ?? written?.[own]) : meant(value)];
  });
  return Object.fromEntries(values);
}

/** An object for the JSON text of one; the engine hands the program the same text for either. */
const meant = (text: string): unknown => jsonIn(text) ?? text;

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).optional() });
