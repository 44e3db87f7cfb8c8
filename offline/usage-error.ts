/** The command was asked for something it cannot do: its message is for the user, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The project or stack file is missing or malformed, or cannot be run here. The message names the file. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}
