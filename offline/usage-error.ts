/** The command was asked for something it cannot do: its message is for the user, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
