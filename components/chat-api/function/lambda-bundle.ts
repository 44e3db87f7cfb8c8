import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type * as bundle from "../../../app/lambda/bundle.ts";

/** Where the package has it: `dist/lambda`, beside the `dist/components` that this folder is built to. */
const shipped = resolve(import.meta.dirname, "../../../lambda");

/**
 * Folder of the Lambda function's code. The package ships it built; the repository builds it from the
 * app's sources, when a program asks for it and they have changed.
 */
export function lambdaBundle(): string {
  if (existsSync(join(shipped, "index.mjs"))) return shipped;
  // Loaded here alone, because the package has neither the app's sources nor esbuild.
  const { buildLambdaBundle }: typeof bundle = createRequire(import.meta.url)(
    "../../../app/lambda/bundle.ts",
  );
  return buildLambdaBundle();
}
