import { DatabaseSync } from "node:sqlite";

/**
 * A lock that the operating system drops with the process, unlike a file with a process id, which
 * says nothing once ids repeat, as they do in containers.
 *
 * @param path file that is made and locked; its folder must exist.
 * @param timeout milliseconds to wait for whoever holds it.
 * @returns `undefined` when somebody holds it; closing what is returned gives it up.
 */
export function tryLock(path: string, timeout: number): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked/.test(error.message)) return undefined;
    throw error;
  }
}
