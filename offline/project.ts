/** Finds a Pulumi project on disk and evaluates one of its stacks as `pulumi up` would run it. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { EvaluateOptions, Evaluation } from "./evaluate.ts";

/** The project or stack file is missing or malformed. The message names the file. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}

export interface StackFile {
  readonly stack: string;
  readonly path: string;
  /** Namespaced config as the engine hands it to the program: strings, objects as JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** What an encrypted config value reads as offline. */
export const secretPlaceholder = "[secret]";

const projectFile = z.object({ name: z.string(), main: z.string().default(".") });

const stackFile = z
  .object({ config: z.record(z.string(), z.unknown()).nullish() })
  .transform(({ config }) => config ?? {});

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
  } = {},
): Promise<Evaluation> {
  const { root = process.cwd(), file, text, ...rest } = options;
  const project = readProject(root);
  const { config, secretKeys } = readStackFile(root, project.name, stack, text, file);
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
 * @param text what the file would hold, in place of what it holds.
 * @param path of a file to read in place of `Pulumi.<stack>.yaml`.
 */
export function readStackFile(
  root: string,
  project: string,
  stack: string,
  text?: string,
  path = stackFilePath(root, stack),
): StackFile {
  if (!existsSync(path)) throw new ProjectError(`${path}: no such stack file`);
  const values = parse(path, stackFile, text);
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const namespaced = key.includes(":") ? key : `${project}:${key}`;
    if (isSecure(value)) {
      secretKeys.push(namespaced);
      // Decrypting needs the stack's own key; offline the value's shape is all that matters.
      config[namespaced] = secretPlaceholder;
    } else {
      config[namespaced] = typeof value === "string" ? value : JSON.stringify(value);
    }
  }
  return { stack, path, config, secretKeys };
}

export function readProject(root: string): { name: string; main: string } {
  const path = join(root, "Pulumi.yaml");
  if (!existsSync(path))
    throw new ProjectError(`${path}: no such file; run inside a Pulumi project`);
  return parse(path, projectFile);
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

function parse<T>(path: string, schema: z.ZodType<T>, text?: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text ?? readFileSync(path, "utf8"), { lineCounter: lines });
  const [fault] = document.errors;
  if (fault) {
    const { line } = lines.linePos(fault.pos[0]);
    throw new ProjectError(`${path}:${line}: not valid YAML: ${fault.message.split("\n")[0]}`);
  }
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ProjectError(`${path}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return parsed.data;
}

const isSecure = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "secure" in value;
