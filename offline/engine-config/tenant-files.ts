/** The tenants of a folder, in the config that an offline evaluation hands to the program. */
import { basename } from "node:path";
import {
  FolderError,
  folderKey,
  listTenantFiles,
  readTenantFiles,
  type TenantFile,
  type TenantsFolder,
} from "../../stacks/registry/folder.ts";
import { jsonIn } from "../fields.ts";
import type { EngineConfig } from "./stack-config.ts";

/** Some of the folder's tenants, or other texts of theirs than the files hold. */
export interface TenantsView {
  /** Ids of the tenants to read, of the folder and the list. Default: all. */
  readonly only?: readonly string[];
  /** What files would hold, by name from the project's folder; undefined of one that would be gone. */
  readonly texts?: ReadonlyMap<string, string | undefined>;
}

export interface Place {
  readonly root: string;
  readonly project: string;
  /** Of the stack's file. */
  readonly path: string;
}

/**
 * A folder of tenants in place of its name: the same entries, each with the file that it is from. So whatever
 * reads the list of tenants sees those of the folder.
 *
 * @throws FolderError naming each file that is wrong.
 */
export function withTenantFiles(
  { config, secretKeys }: EngineConfig,
  { tenants: { only, texts = new Map() }, ...place }: Place & { readonly tenants: TenantsView },
): EngineConfig {
  const { project } = place;
  const key = `${project}:tenants`;
  const isAsked = (id: unknown) => only === undefined || only.some((one) => one === id);
  const files = tenantFilesOf(config, place);
  const listed: unknown = jsonIn(config[key] ?? "[]");
  // A list that is none, or is secret, is for the program to refuse.
  if (files === undefined || !Array.isArray(listed)) return { config, secretKeys };
  const written = [...texts].flatMap(([file, text]) =>
    text === undefined ? [] : ([[file, text]] as const),
  );
  const added = written.filter(([file]) => files.every((one) => one.file !== file));
  const wanted = [
    ...files.filter(({ file }) => !texts.has(file) || texts.get(file) !== undefined),
    ...added.map(([file]) => ({ id: basename(file).replace(/\.ya?ml$/, ""), file, path: file })),
  ].filter(({ id }) => isAsked(id));
  const { [`${project}:${folderKey}`]: _, ...rest } = config;
  const entries = readTenantFiles(wanted, new Map(written));
  const some = listed.filter((one: unknown) => isAsked(idOf(one)));
  return { config: { ...rest, [key]: JSON.stringify([...some, ...entries]) }, secretKeys };
}

/**
 * The files of the folder that the config names. Undefined where it names none, or what is none: the program
 * says what is wrong with it, if it is its key at all.
 *
 * @throws FolderError where something else is in the folder.
 */
export function tenantFilesOf(
  config: EngineConfig["config"],
  { root, project, path }: Place,
): TenantFile[] | undefined {
  const folder = folderOf(config, { root, project, path });
  if (folder === undefined) return undefined;
  try {
    return listTenantFiles(folder);
  } catch (error) {
    if (error instanceof FolderError && error.isOfFolder) return undefined;
    throw error;
  }
}

/** The folder that the config names. */
export function folderOf(
  config: EngineConfig["config"],
  { root, project, path }: Place,
): TenantsFolder | undefined {
  const folder = config[`${project}:${folderKey}`];
  const where = `${basename(path)}: ${project}:${folderKey}`;
  return folder === undefined ? undefined : { root, folder, where };
}

const idOf = (entry: unknown): unknown =>
  typeof entry === "object" && entry !== null ? Reflect.get(entry, "id") : undefined;
