import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder that the project is in: the working directory or the nearest above it that has a
 * `Pulumi.yaml`, as `pulumi` finds it. The working directory where there is none.
 */
export function projectRoot(): string {
  const here = process.cwd();
  for (let folder = here; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder) return here;
  }
}
