// Stand-in until the bundler lands; the app's author replaces this file.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
export function buildLambdaBundle(): string {
  const directory = fileURLToPath(new URL("../dist/lambda", import.meta.url));
  mkdirSync(directory, { recursive: true });
  return directory;
}
