/** Warnings about a stack's config, on stderr: what still works, and soon will not. */
import { basename } from "node:path";
import { sharedGatewayRoles, sharedRoleText } from "../../offline/engine-config/place.ts";
import { sizeWarning } from "../../offline/engine-config/size.ts";
import { projectRoot } from "../../offline/files/project-root.ts";
import { listStacks, ProjectError, readProject, readStackFile } from "../../offline/project.ts";

/**
 * Of each stack; what cannot be read the command itself refuses.
 *
 * @param text what the file of the only stack is about to hold.
 */
export function warnOfConfig(
  stacks?: readonly string[],
  root = projectRoot(),
  text?: string,
): void {
  try {
    const { name } = readProject(root);
    const files = (stacks ?? listStacks(root)).map((stack) =>
      readStackFile(root, name, stack, text, undefined, { only: [] }),
    );
    for (const shared of sharedGatewayRoles(files, name)) {
      process.stderr.write(`chatstack: warning: ${sharedRoleText(shared)}\n`);
    }
    for (const file of files) {
      const warning = sizeWarning({ config: file.handedOver });
      if (warning) process.stderr.write(`chatstack: warning: ${basename(file.path)}: ${warning}\n`);
    }
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
  }
}
