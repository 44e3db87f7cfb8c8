/** Files that a person names: read and written, with words for everything that can go wrong. */
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../usage-error.ts";

/** @throws UsageError naming the file and what is wrong with it. */
export function readText(path: string): string {
  return attempt("read", path, () => readFileSync(path, "utf8"));
}

/** @throws UsageError naming the file and what is wrong with it. */
export function writeText(path: string, text: string): void {
  attempt("write", path, () => writeFileSync(path, text));
}

/**
 * Refuses a file that could not be written, so that nobody waits for a report that goes nowhere.
 *
 * @param target as options hold it: a text names a file, all else is none.
 */
export function refuseUnwritable(target: string | boolean | undefined): void {
  if (typeof target !== "string") return;
  const found = statSync(target, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new UsageError(`${target}: found a folder; allowed: a file`);
  attempt("write", target, () => accessSync(found ? target : dirname(target), constants.W_OK));
}

function attempt<T>(access: Access, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const fault = fileFault(error, access, path);
    throw fault === undefined ? error : new UsageError(fault);
  }
}

type Access = "read" | "write";

/**
 * What a failed call to the file system means and what to do about it; undefined for any other error.
 *
 * @param path of the file that was meant, as Node names none where a read fails.
 */
export function fileFault(error: unknown, access: Access, path?: string): string | undefined {
  if (!isSystemError(error)) return undefined;
  const place = path ?? error.path;
  if (place === undefined) return undefined;
  switch (error.code) {
    case "EISDIR":
      return `${place}: found a folder; allowed: a file`;
    case "ENOENT":
      return access === "write" && !existsSync(dirname(place))
        ? `${place}: there is no folder ${dirname(place)}; make it first, or name another file`
        : `${place}: found no such file`;
    case "ENOTDIR":
    case "EEXIST":
      return `${place}: found a file where a folder has to be; allowed: a path through folders`;
    case "EACCES":
    case "EPERM":
      return `${place}: this user may not ${access} here (${error.code}). ${remedies[access]}`;
    case "EROFS":
      return `${place}: the file system is read-only (EROFS). ${remedies.write}`;
    case "ENOSPC":
    case "EDQUOT":
      return `${place}: there is no space left to write (${error.code}). Free some, or name another place`;
    default:
      return undefined;
  }
}

const remedies: Readonly<Record<Access, string>> = {
  read: "Give this user read access",
  write:
    "Give this user write access, work in a copy, or name another place where the command takes one",
};

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && "syscall" in error;
