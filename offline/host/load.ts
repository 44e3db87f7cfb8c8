/**
 * Loads a program into this process, where it can run again and again: an ES module whose default export is a
 * function, with the SDK that this process has. Every other program gets a process of its own.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
// Its index copies the functions of its modules, once: before any of them is replaced here.
import * as pulumi from "@pulumi/pulumi";
import config from "@pulumi/pulumi/runtime/config.js";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import { replace } from "../sdk/replace.ts";
import { entryFile } from "./entry.ts";
import { inTurn } from "./turn.ts";

/** @returns undefined for a program that needs a process of its own. */
export function loadFunction(path: string): Promise<(() => unknown) | undefined> {
  // A module does what it does when it loads once, and is judged by that.
  const known = programs.get(path) ?? inTurn(() => load(path));
  programs.set(path, known);
  return known;
}

const programs = new Map<string, Promise<(() => unknown) | undefined>>();

async function load(path: string): Promise<(() => unknown) | undefined> {
  const file = entryFile(path);
  if (file === undefined || !hasDefaultExport(file) || !sharesSdk(file)) return undefined;
  const exit = process.exit;
  const engine = listenForEngine();
  try {
    // Whoever ends the process while it loads ends nothing here, and is heard in a process of its own.
    process.exit = (code) => {
      throw new Error(`process.exit(${code})`);
    };
    const loaded = await import(pathToFileURL(file).href);
    const program = defaultExport(loaded);
    // Pulumi refuses a module that has named exports as well: its own process tells.
    const isAlone = isCommonJs(file) || Object.keys(loaded).length === 1;
    return typeof program === "function" && isAlone && !engine.isAsked()
      ? () => program()
      : undefined;
  } catch {
    // Why it cannot be loaded is told by the process that runs it as Pulumi does.
    return undefined;
  } finally {
    process.exit = exit;
    engine.leave();
  }
}

/**
 * Hears whether a module asks for the engine, the config or the stack while it loads: a resource beside the function
 * would be made for nobody, and a setting would be absent or another stack's. The SDK tells neither of its own accord.
 */
function listenForEngine() {
  let isAsked = false;
  // It loads no further, so that nothing of it is left over.
  const asked = () => () => {
    isAsked = true;
    throw new Error("not while it loads");
  };
  const asking = ["getMonitor", "getProject", "getStack", "getOrganization", "isDryRun"];
  const undo = [
    ...asking.flatMap((name) => [settings, pulumi.runtime].map((one) => replace(one, name, asked))),
    ...["getConfig", "allConfig"].flatMap((name) =>
      [config, pulumi.runtime].map((one) => replace(one, name, asked)),
    ),
    replace(debuggable, "debuggablePromise", () => (promise: unknown) => promise),
  ];
  return {
    isAsked: () => isAsked,
    leave: () => {
      for (const one of undo) one();
    },
  };
}

/** Whether it is the program of this package; others may make of a tenant whatever they like. */
export function isOwnProgram(path: string): boolean {
  const file = realPath(entryFile(path));
  return file !== undefined && ownPrograms.some((own) => realPath(own) === file);
}

const ownPrograms = ["main.js", "index.ts", "index.js"].map((file) =>
  join(import.meta.dirname, "../../stacks", file),
);

const realPath = (path: string | undefined): string | undefined =>
  path !== undefined && existsSync(path) ? realpathSync(path) : undefined;

/** A program with top-level resources fails when it is merely loaded, so its text has to tell. */
const hasDefaultExport = (file: string): boolean =>
  /\bexport\s+default\b|\bas\s+default\b|\bexport\s*\{\s*default\b|\b(module\.)?exports\.default\s*=/.test(
    readFileSync(file, "utf8"),
  ) && !(/\.ts$/.test(file) && isCommonJs(file));

/** Types are stripped here, and imports left as they are: they have to be those of ES modules. */
function isCommonJs(file: string): boolean {
  if (extname(file) === ".mts") return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) {
      const { type }: { type?: string } = JSON.parse(readFileSync(manifest, "utf8"));
      return type !== "module";
    }
    if (folder === dirname(folder)) return true;
  }
}

const sdkOf = (from: string): string | undefined => {
  try {
    return realpathSync(createRequire(from).resolve("@pulumi/pulumi/package.json"));
  } catch {
    return undefined;
  }
};

/** Resources register with the copy of the SDK that they were made with. */
const sharesSdk = (file: string): boolean => {
  const own = sdkOf(import.meta.filename);
  return own !== undefined && [own, undefined].includes(sdkOf(file));
};

/** A CommonJS module that was an ES module before it was compiled has its default one level deeper. */
function defaultExport({ default: exported }: { default?: unknown }): unknown {
  const isCompiled = typeof exported === "object" && exported !== null && "default" in exported;
  return isCompiled ? exported.default : exported;
}
