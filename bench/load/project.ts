import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const repository = resolve(import.meta.dirname, "../..");
const stackFile = "Pulumi.dev.yaml";

const stackSchema = z.object({
  config: z.looseObject({
    "chatstack:defaults": z.looseObject({ api: z.looseObject({}).default({}) }),
  }),
});

/**
 * The repository's `dev` stack, but that nobody runs out of tokens: a soak of minutes would be answered
 * 429 for most of them. The caller removes the folder.
 */
export function projectWithoutQuotas(): string {
  const folder = mkdtempSync(join(tmpdir(), "chatstack-soak-"));
  const { config } = stackSchema.parse(parse(readFileSync(join(repository, stackFile), "utf8")));
  const defaults = config["chatstack:defaults"];
  const api = { ...defaults.api, tokensPerDay: 1e12, tokensPerMonth: 1e12 };
  const unlimited = { ...config, "chatstack:defaults": { ...defaults, api } };
  // YAML takes JSON as it is.
  const main = join(repository, "stacks/index.ts");
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(join(folder, stackFile), JSON.stringify({ config: unlimited }));
  return folder;
}
