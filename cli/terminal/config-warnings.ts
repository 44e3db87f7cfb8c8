/**
 * `cli/terminal/`: output on a terminal and in a log.
 *
 * Warnings about a stack's config, on stderr: what still works, and soon will not.
 */
import { basename } from "node:path";
import { sizeWarning } from "../../offline/engine-config/size.ts";
import { listStacks, ProjectError, readProject, readStackFile } from "../../offline/project.ts";

/**
 * Of each stack; what cannot be read the command itself refuses.
 *
 * @param text what the file of the only stack is about to hold.
 */
export function warnOfConfig(
  stacks?: readonly string[],
  root = process.cwd(),
  text?: string,
): void {
  try {
    const { name } = readProject(root);
    for (const stack of stacks ?? listStacks(root)) {
      const file = readStackFile(root, name, stack, text);
      const warning = sizeWarning(file);
      if (warning) process.stderr.write(`chatstack: warning: ${basename(file.path)}: ${warning}\n`);
    }
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
  }
}
