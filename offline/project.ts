/** Finds a Pulumi project on disk and evaluates one of its stacks as `pulumi up` would run it. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { FolderError } from "../stacks/registry/folder.ts";
import { plainValue } from "../stacks/yaml/plain.ts";
import { type ParsedYaml, readYaml, YamlError } from "../stacks/yaml/read.ts";
import { withProjectConfig } from "./engine-config/project-config.ts";
import { refuseOversized } from "./engine-config/size.ts";
import { configOf, type EngineConfig } from "./engine-config/stack-config.ts";
import { type TenantsView, withTenantFiles } from "./engine-config/tenant-files.ts";
import type { EvaluateOptions, Evaluation } from "./evaluate.ts";

export { secretPlaceholder } from "./engine-config/stack-config.ts";

/** The project or stack file is missing or malformed. The message names the file. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}

/** With the config that the engine hands to the program, the project's own included. */
export interface StackFile extends EngineConfig {
  readonly stack: string;
  readonly path: string;
  /** What the engine hands to the program; in `config` the list has the tenants of the folder too. */
  readonly handedOver: EngineConfig["config"];
}

const projectFile = z.looseObject({ name: z.string(), main: z.string().default(".") });

/**
 * Evaluates a stack of the project in `root`.
 *
 * @param root folder of `Pulumi.yaml`. Default: the working directory.
 * @throws ProjectError, or EvaluationError when the program fails.
 */
export async function evaluateStack(
  stack: string,
  options: Omit<EvaluateOptions, "project" | "stack" | "config" | "secretConfigKeys"> & {
    readonly root?: string;
    /** Stack file to take in place of `Pulumi.<stack>.yaml`. */
    readonly file?: string;
    /** What the stack's file would hold, in place of what it holds. */
    readonly text?: string;
    readonly tenants?: TenantsView;
  } = {},
): Promise<Evaluation> {
  const { root = process.cwd(), file, text, tenants, ...rest } = options;
  const project = readProject(root);
  const { config, secretKeys } = readStackFile(root, project.name, stack, text, file, tenants);
  // They load Pulumi's SDK, half a second that whoever only reads the files need not wait for.
  const [{ evaluate }, { FakeProvider }] = await Promise.all([
    import("./evaluate.ts"),
    import("./fake-provider.ts"),
  ]);
  const program = await loadProgram(root, project.main);
  return evaluate(program, {
    provider: new FakeProvider(config["aws:region"]),
    ...rest,
    project: project.name,
    stack,
    config,
    secretConfigKeys: secretKeys,
  });
}

/** Names of the stacks that have a `Pulumi.<stack>.yaml`, sorted. */
export const listStacks = (root: string): string[] =>
  readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();

/** @throws ProjectError when the stack has none. */
export function stackFilePath(root: string, stack: string): string {
  const path = [".yaml", ".yml"]
    .map((extension) => join(root, `Pulumi.${stack}${extension}`))
    .find(existsSync);
  if (path) return path;
  const known = listStacks(root).join(", ") || "none";
  throw new ProjectError(`Pulumi.${stack}.yaml: no such stack file in ${root}; stacks: ${known}`);
}

/**
 * @param project the project's name.
 * @param text what the file would hold, in place of what it holds.
 * @param path of a file to read in place of `Pulumi.<stack>.yaml`.
 * @param tenants of those in the folder that the config names.
 * @throws ProjectError naming file and line; also where the engine could not hand the config over.
 */
export function readStackFile(
  root: string,
  project: string,
  stack: string,
  text?: string,
  path = stackFilePath(root, stack),
  tenants: TenantsView = {},
): StackFile {
  if (!existsSync(path)) throw new ProjectError(`${path}: no such stack file`);
  const own = reading(path, text, (file) => configOf(file, project));
  const projectPath = join(root, "Pulumi.yaml");
  const config = existsSync(projectPath)
    ? reading(projectPath, undefined, ({ value }) => withProjectConfig(own, value, project, stack))
    : own;
  const oversized = refuseOversized(config);
  if (oversized !== undefined) throw new ProjectError(`${path}: ${oversized}`);
  const place = { root, project, path, tenants };
  const whole = ofFolder(() => withTenantFiles(config, place));
  return { stack, path, handedOver: config.config, ...whole };
}

export interface Project {
  readonly name: string;
  readonly main: string;
}

export function readProject(root: string): Project {
  const path = join(root, "Pulumi.yaml");
  if (!existsSync(path))
    throw new ProjectError(`${path}: no such file; run inside a Pulumi project`);
  const parsed = projectFile.safeParse(reading(path, undefined, ({ value }) => plainValue(value)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ProjectError(`${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}

async function loadProgram(root: string, main: string): Promise<() => unknown> {
  const program = defaultExport(await import(pathToFileURL(entryPoint(resolve(root, main))).href));
  if (typeof program !== "function") {
    throw new ProjectError(
      `${join(root, main)}: its default export must be a function, so that it can run repeatedly`,
    );
  }
  return () => program();
}

/** Whether the program is this package's, whose tenants share nothing; others may make of a tenant what they like. */
export function isOwnProgram(root: string, main: string): boolean {
  const real = (path: string) => (existsSync(path) ? realpathSync(path) : undefined);
  const found = real(entryPoint(resolve(root, main)));
  const stacks = join(import.meta.dirname, "../stacks");
  return ["main.js", "index.ts", "index.js"].some(
    (file) => found !== undefined && found === real(join(stacks, file)),
  );
}

/** Node imports files alone; Pulumi also takes a folder, and means its package's main file or index. */
function entryPoint(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  const manifest = join(path, "package.json");
  const { main }: { main?: string } = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, "utf8"))
    : {};
  const candidates = [...(main ? [main] : []), "index.ts", "index.js"];
  return candidates.map((file) => join(path, file)).find(existsSync) ?? path;
}

/** A CommonJS module that was an ES module before it was compiled has its default one level deeper. */
function defaultExport({ default: exported }: { default?: unknown }): unknown {
  const isCompiled = typeof exported === "object" && exported !== null && "default" in exported;
  return isCompiled ? exported.default : exported;
}

function ofFolder<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FolderError)) throw error;
    throw new ProjectError(error.message);
  }
}

/** @param text what the file would hold, in place of what it holds. */
function reading<T>(path: string, text: string | undefined, read: (file: ParsedYaml) => T): T {
  try {
    return read(readYaml(text ?? readFileSync(path, "utf8")));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ProjectError(`${path}:${error.line}: ${error.message}`);
  }
}
