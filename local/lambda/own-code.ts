import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { OwnSources } from "../../components/chat-api/function/own-bundle.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { recordsOf } from "../records.ts";

const functionSchema = z.object({ code: z.object({ archive: z.object({ path: z.string() }) }) });

const sourcesSchema = z.object({
  entry: z.string(),
  base: z.enum(["chat-app", "nothing"]),
  files: z.array(z.string()),
}) satisfies z.ZodType<OwnSources>;

/** From what the functions were bundled whose code is a team's own, wholly or in part. */
export function ownSourcesOf(records: readonly ResourceRecord[]): OwnSources[] {
  const folders = recordsOf(records, "aws:lambda/function:Function", functionSchema).map(
    ({ inputs }) => inputs.code.archive.path,
  );
  return [...new Set(folders)]
    .map((folder) => `${folder}.json`)
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const parsed = sourcesSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
      return parsed.success ? [parsed.data] : [];
    });
}

const sources = resolve(import.meta.dirname, "../..");

/**
 * Builds the function's code of the app in this repository, or a team's own.
 *
 * @throws Error with the first line of what is wrong with the sources.
 */
export async function buildCode(own?: OwnSources): Promise<void> {
  const call = own
    ? ["components/chat-api/function/own-bundle.ts", "buildOwnBundle", [own.entry, own.base]]
    : ["app/bundle/bundle.ts", "buildLambdaBundle", []];
  const [file, name, args] = call;
  const module = JSON.stringify(resolve(sources, String(file)));
  const code = `(await import(${module})).${name}(...${JSON.stringify(args)})`;
  try {
    // In a process of its own: the sources that this one has loaded stay as they were.
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  } catch (error) {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const fault = /(?:✘ \[ERROR\]|\w*Error:) ?.*(?:\n\n.*)?/.exec(stderr)?.[0];
    throw new Error(fault?.replace(/\s*\n\s*/g, " ") ?? String(error));
  }
}
