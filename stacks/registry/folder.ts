/**
 * `stacks/registry/`: tenants outside the stack's file: a folder with a file each, or a program that names them.
 *
 * A folder of tenants: `<id>.yaml` holds what an entry of the list in the stack's file would hold.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, posix, sep } from "node:path";
import { isSection, type Section } from "../reading/merge.ts";
import { plainValue } from "../yaml/plain.ts";
import { readYaml, YamlError } from "../yaml/read.ts";

/** Key of the stack's config that names the folder. */
export const folderKey = "tenantsFolder";

export interface TenantsFolder {
  /** The project's folder. */
  readonly root: string;
  /** What the config says, from `root`. */
  readonly folder: string;
  /** Where it says so, for messages. */
  readonly where: string;
}

export interface TenantFile {
  /** As the file is named. */
  readonly id: string;
  /** From the project's folder, with slashes: `tenants/prod/acme.yaml`. */
  readonly file: string;
  readonly path: string;
}

/** The folder, or a file in it, cannot be read as tenants. Each fault names its file. */
export class FolderError extends Error {
  override readonly name = "FolderError";
  readonly faults: readonly string[];
  /** Of the folder's name in the config; else of what is in it. */
  readonly isOfFolder: boolean;

  constructor(faults: readonly string[], isOfFolder = false) {
    super(faults.join("\n"));
    this.faults = faults;
    this.isOfFolder = isOfFolder;
  }
}

/**
 * The folder's files in the order of their names; nothing of them is read.
 *
 * @throws FolderError where there is no such folder, or anything but tenants' files in it: a misspelt name would
 *   otherwise take a tenant out of the stack.
 */
export function listTenantFiles(from: TenantsFolder): TenantFile[] {
  const place = placeOf(from);
  const top = join(from.root, place);
  const faults: string[] = [];
  const files = entriesBelow(top, from).flatMap((entry): TenantFile[] => {
    const path = join(entry.parentPath, entry.name);
    const below = path.slice(top.length).split(sep);
    if (below.some((part) => part.startsWith(".")) || isFolder(entry, path)) return [];
    const file = posix.join(place, ...below);
    const id = /^(.+)\.ya?ml$/.exec(entry.name)?.[1];
    if (id !== undefined) return [{ id, file, path }];
    if (/^readme(\.\w+)?$/i.test(entry.name)) return [];
    faults.push(`${file}: found "${entry.name}"; allowed: <tenant's id>.yaml, or a README`);
    return [];
  });
  if (faults.length > 0) throw new FolderError(faults.sort());
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The file of a tenant that has none yet. */
export function newTenantFile(from: TenantsFolder, id: string): TenantFile {
  const file = posix.join(placeOf(from), `${id}.yaml`);
  return { id, file, path: join(from.root, file) };
}

/**
 * A tenant's entry.
 *
 * @param text what the file would hold, in place of what it holds.
 * @throws FolderError naming file and line.
 */
export function readTenantFile(
  { id, file, path }: TenantFile,
  text = readFileSync(path, "utf8"),
): Section {
  try {
    const entry = plainValue(readYaml(text).value);
    if (!isSection(entry)) throw new YamlError("the file is not a map of a tenant's settings", 1);
    if (!Object.hasOwn(entry, "id")) return { id, ...entry };
    if (entry.id === id) return entry;
    const found = JSON.stringify(entry.id);
    throw new FolderError([`${file}: id: found ${found}; allowed: "${id}", as the file is named`]);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new FolderError([`${file}:${error.line}: ${error.message}`]);
  }
}

/** The files' entries, in their order. @throws FolderError of every file that is wrong. */
export function readTenantFiles(
  files: readonly TenantFile[],
  texts: ReadonlyMap<string, string> = new Map(),
): Section[] {
  const faults: string[] = [];
  const entries = files.map((file) => {
    try {
      return { ...readTenantFile(file, texts.get(file.file)), [fileKey]: file.file };
    } catch (error) {
      if (!(error instanceof FolderError)) throw error;
      faults.push(...error.faults);
      return {};
    }
  });
  if (faults.length > 0) throw new FolderError(faults);
  return entries;
}

/** In an entry, the file that it was read from. No setting, and in no file. */
export const fileKey = "$file";

/** In the project's folder, so that a checkout has it and a copy of the project keeps it. */
function placeOf({ folder, where }: TenantsFolder): string {
  const place = posix.normalize(folder.replaceAll("\\", "/")).replace(/\/$/, "");
  const isInside = folder !== "" && place !== "." && !/^\.\.(\/|$)/.test(place);
  if (isInside && !isAbsolute(place)) return place;
  const allowed = 'a folder below that of Pulumi.yaml, e.g. "tenants/prod"';
  throw new FolderError([`${where}: found ${JSON.stringify(folder)}; allowed: ${allowed}`], true);
}

function entriesBelow(top: string, { folder, where }: TenantsFolder): Dirent[] {
  try {
    return readdirSync(top, { recursive: true, withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    const allowed = `a folder with a file for each tenant; there is none at ${top}`;
    throw new FolderError([`${where}: found ${JSON.stringify(folder)}; allowed: ${allowed}`], true);
  }
}

const isFolder = (entry: Dirent, path: string): boolean =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
