import { existsSync } from "node:fs";
import { join } from "node:path";

/** Folder of the project's own policy pack, `policies`, else of the one that comes with chatstack. */
export function defaultPolicyPack(root: string): string {
  const own = join(root, "policies");
  return isPolicyPack(own) ? own : join(import.meta.dirname, "../../../policies");
}

export const isPolicyPack = (folder: string): boolean =>
  existsSync(join(folder, "PulumiPolicy.yaml"));
