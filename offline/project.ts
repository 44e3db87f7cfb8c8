/** Finds a Pulumi project on disk and evaluates one of its stacks as `pulumi up` would run it. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { FolderError } from "../stacks/registry/folder.ts";
import { plainValue } from "../stacks/yaml/plain.ts";
import { type ParsedYaml, readYaml, YamlError } from "../stacks/yaml/read.ts";
import { withProjectConfig } from "./engine-config/project-config.ts";
import { refuseOversized } from "./engine-config/size.ts";
import { configOf, type EngineConfig } from "./engine-config/stack-config.ts";
import { type TenantsView, withTenantFiles } from "./engine-config/tenant-files.ts";
import type { EvaluateOptions, Evaluation } from "./evaluate.ts";
import { readText } from "./files/files.ts";
import { projectRoot } from "./files/project-root.ts";
import { programAt } from "./host/entry.ts";
import { ProjectError } from "./usage-error.ts";

export { secretPlaceholder } from "./engine-config/stack-config.ts";
export { ProjectError } from "./usage-error.ts";

/** With the config that the engine hands to the program, the project's own included. */
export interface StackFile extends EngineConfig {
  readonly stack: string;
  /** Of its file; the project's where there are no stack files. */
  readonly path: string;
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** What the engine hands to the program; in `config` the list has the tenants of the folder too. */
  readonly handedOver: EngineConfig["config"];
}

const projectFile = z.looseObject({
  name: z.string(),
  /** Folder or file of the program. */
  main: z.string().default("."),
  runtime: z
    .union([
      z.string().transform((name) => ({ name, options: {} })),
      z.looseObject({ name: z.string(), options: z.record(z.string(), z.unknown()).default({}) }),
    ])
    .default({ name: "nodejs", options: {} }),
  /** Folder of the stacks' files. */
  stackConfigDir: z.string().default("."),
});

export type Project = z.infer<typeof projectFile>;

export interface StackOptions
  extends Pick<EvaluateOptions, "preview" | "idleSeconds" | "stuckSeconds" | "sdk"> {
  readonly root?: string;
  /** Stack file to take in place of `Pulumi.<stack>.yaml`. */
  readonly file?: string;
  /** What the stack's file would hold, in place of what it holds. */
  readonly text?: string;
}

/**
 * Evaluates a stack of the project in `root`.
 *
 * @param root folder of `Pulumi.yaml`. Default: `projectRoot()`.
 * @throws ProjectError, or EvaluationError when the program fails.
 */
export async function evaluateStack(
  stack: string,
  options: StackOptions &
    Pick<EvaluateOptions, "provider"> & { readonly tenants?: TenantsView } = {},
): Promise<Evaluation> {
  const { root = projectRoot(), file: path, text, tenants, ...rest } = options;
  const project = readProject(root);
  const file = readStackFile(root, project.name, stack, text, path, tenants);
  return run(project, file, root, rest);
}

/** The same with some of the tenants of the stack's file alone, of a program that is this package's. */
export async function evaluateTenants(
  file: StackFile,
  tenants: readonly string[],
  { root = projectRoot(), ...options }: Omit<StackOptions, "file" | "text">,
): Promise<Evaluation> {
  const project = readProject(root);
  const key = `${project.name}:tenants`;
  const listed: readonly { readonly id: string }[] = JSON.parse(file.config[key] ?? "[]");
  const some = JSON.stringify(listed.filter(({ id }) => tenants.includes(id)));
  return run(project, { ...file, config: { ...file.config, [key]: some } }, root, options);
}

function mainOf(root: string, { main }: Project): string {
  const path = resolve(root, main);
  const found = programAt(path);
  if (found !== undefined) return found;
  throw new ProjectError(`${path}: no such file or folder, which Pulumi.yaml has as \`main\``);
}

async function run(
  project: Project,
  { stack, config, secretKeys }: StackFile,
  root: string,
  options: Omit<StackOptions, "root" | "file" | "text"> & Pick<EvaluateOptions, "provider">,
): Promise<Evaluation> {
  const main =
    project.runtime.name === "nodejs" ? mainOf(root, project) : resolve(root, project.main);
  const { isOwnProgram, loadFunction } = await import("./host/load.ts");
  const program = project.runtime.name === "nodejs" ? await loadFunction(main) : undefined;
  // They load Pulumi's SDK, half a second that whoever only reads the files need not wait for.
  const { FakeProvider } = await import("./fake-provider.ts");
  const region = config["aws:region"];
  if (program !== undefined) {
    const { evaluate } = await import("./evaluate.ts");
    return evaluate(program, {
      provider: new FakeProvider(region),
      ...options,
      // Those of our own program are places in this package.
      sourcePositions: !isOwnProgram(main),
      root,
      project: project.name,
      stack,
      config,
      secretConfigKeys: secretKeys,
    });
  }
  const { evaluateHosted } = await import("./host/host.ts");
  const isFile = statSync(main, { throwIfNoEntry: false })?.isFile() ?? false;
  const folder = isFile ? dirname(main) : main;
  return evaluateHosted(
    {
      root: resolve(root),
      folder,
      entry: isFile ? basename(main) : ".",
      runtime: project.runtime.name,
      runtimeOptions: project.runtime.options,
      project: project.name,
      stack,
      config,
      secretKeys,
      idleSeconds: options.idleSeconds ?? 60,
    },
    options.provider ?? new FakeProvider(region, { from: join(folder, "/"), onlyCertain: true }),
  );
}

/** Names of the stacks that have a `Pulumi.<stack>.yaml`, sorted. */
export function listStacks(root: string): string[] {
  const folder = stackFolder(root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(.+)\.(?:ya?ml|json)$/.exec(file)?.[1] ?? [])
    .sort();
}

/** The stack of a project without stack files. */
export const onlyStack = "dev";

/**
 * The stack's file; the project's where the project has no stack files at all, as a new one.
 *
 * @throws ProjectError when others have one.
 */
export function stackFilePath(root: string, stack: string): string {
  const folder = stackFolder(root);
  const path = extensions
    .map((extension) => join(folder, `Pulumi.${stack}${extension}`))
    .find(existsSync);
  if (path) return path;
  const known = listStacks(root);
  const projectPath = projectFilePath(root);
  if (known.length === 0 && projectPath !== undefined) return projectPath;
  throw new ProjectError(
    `Pulumi.${stack}.yaml: no such stack file in ${folder}; stacks: ${known.join(", ") || "none"}`,
  );
}

const extensions = [".yaml", ".yml", ".json"];

/** `Pulumi.yaml`, in whichever form. */
const projectFilePath = (root: string): string | undefined =>
  extensions.map((extension) => join(root, `Pulumi${extension}`)).find(existsSync);

function stackFolder(root: string): string {
  return projectFilePath(root) === undefined ? root : join(root, readProject(root).stackConfigDir);
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
  const projectPath = projectFilePath(root);
  const own =
    path === projectPath
      ? { config: {}, secretKeys: [] }
      : reading(path, text, (file) => configOf(file, project));
  const config =
    projectPath === undefined
      ? own
      : reading(projectPath, undefined, ({ value }) =>
          withProjectConfig(own, value, project, stack),
        );
  const oversized = refuseOversized(config);
  if (oversized !== undefined) throw new ProjectError(`${path}: ${oversized}`);
  const place = { root, project, path, tenants };
  const whole = ofFolder(() => withTenantFiles(config, place));
  return { stack, path, root, handedOver: config.config, ...whole };
}

export function readProject(root: string): Project {
  const path = projectFilePath(root);
  if (path === undefined) {
    throw new ProjectError(
      `${join(root, "Pulumi.yaml")}: no such file, and none in a folder above; run inside a Pulumi project`,
    );
  }
  const parsed = projectFile.safeParse(reading(path, undefined, ({ value }) => plainValue(value)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = [path, ...(issue?.path.length ? [issue.path.join(".")] : [])].join(": ");
  throw new ProjectError(`${place}: ${issue?.message}`);
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
    return read(readYaml(text ?? readText(path)));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ProjectError(`${path}:${error.line}: ${error.message}`);
  }
}
