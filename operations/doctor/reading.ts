/** One call to AWS: what it answered, or in a sentence why it did not. */
import type { Read } from "../../offline/doctor/facts.ts";

/** Where the account is read, and with whose credentials. */
export interface Connection {
  readonly region: string;
  /** Where the services live that are one for all regions. */
  readonly globalRegion: string;
  readonly profile?: string;
}

/** @param action as IAM names it: what to allow where it is refused. */
export async function reading<T>(action: string, read: () => Promise<T>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { refused: sentenceOf(action, error) };
  }
}

/** The same, where the error of that name means that there is no such thing. */
export const readingPresent = <T>(
  action: string,
  absent: string,
  read: () => Promise<T>,
): Promise<Read<T | undefined>> =>
  reading(action, async () => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof Error && error.name.startsWith(absent)) return undefined;
      throw error;
    }
  });

function sentenceOf(action: string, error: unknown): string {
  const name = error instanceof Error ? error.name : String(error);
  if (/AccessDenied|Unauthorized|NotAuthorized|AuthorizationError/.test(name)) {
    return `The credentials may not call ${action}.`;
  }
  if (name === "CredentialsProviderError") return "No AWS credentials were found.";
  return `${action} failed: ${name}.`;
}
