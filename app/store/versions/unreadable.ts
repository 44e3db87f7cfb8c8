import * as z from "zod";

/** An item that this version cannot read: it was damaged, or a later version wrote it. */
export interface Unreadable {
  readonly kind: "conversation" | "message" | "document" | "session" | "state" | "audit";
  readonly id: string;
  /** Which field, and how it differs: never what it holds. */
  readonly fault: string;
}

/** Hears of each one that a list leaves out. */
export type Report = (unreadable: Unreadable) => void;

/** Reads one item of a list. One that cannot be read is reported, and takes no other along. */
export function readOr<T>(
  read: () => T,
  { kind, id }: Pick<Unreadable, "kind" | "id">,
  report: Report | undefined,
): T | undefined {
  try {
    return read();
  } catch (error) {
    report?.({ kind, id, fault: faultOf(error) });
    return undefined;
  }
}

export function faultOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.name : "not an error";
  const [issue] = error.issues;
  return issue === undefined ? "" : `${issue.path.join(".")}: ${issue.code}`;
}

/** The marker of a page for what it leaves out; absent where it leaves out nothing. */
export function markerOf(ids: readonly string[]): { readonly unreadable?: readonly string[] } {
  return ids.length > 0 ? { unreadable: ids } : {};
}
