/** A project under the real Pulumi CLI: a backend on disk, and a folder that stands for the account. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseDocument, stringify } from "yaml";
import { Cloud } from "./plugin/cloud.ts";

export const repository = resolve(import.meta.dirname, "../..");

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program and its tools are made of; each is linked, so that a project has files of its own. */
const shared = ["app", "components", "stacks", "policies", "node_modules", "package.json"];

export class EngineProject {
  readonly root: string;
  readonly cloud: Cloud;
  readonly #env: NodeJS.ProcessEnv;

  /**
   * @param program folder of the repository whose program runs. Default: this one.
   * @param root folder to make the project in. Default: a temporary one.
   */
  constructor(program: string = repository, root?: string) {
    this.root = root ?? mkdtempSync(join(tmpdir(), "chatstack-engine-"));
    const account = join(this.root, ".cloud");
    this.cloud = new Cloud(account);
    for (const folder of [".home", ".backend"]) mkdirSync(join(this.root, folder));
    for (const name of shared) symlinkSync(join(program, name), join(this.root, name));
    this.write("Pulumi.yaml", projectFile(readFileSync(join(program, "Pulumi.yaml"), "utf8")));
    this.#env = {
      ...process.env,
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      PULUMI_HOME: join(this.root, ".home"),
      PULUMI_BACKEND_URL: `file://${join(this.root, ".backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      STAND_IN_AWS: account,
    };
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.root, file), content);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), "utf8");
  }

  /** @param config values as the program reads them: objects are written as YAML. */
  configure(stack: string, config: Readonly<Record<string, unknown>>): void {
    // In quotes: the engine would read a bare date as a time.
    const yaml = stringify({ config }, { defaultStringType: "QUOTE_DOUBLE" });
    this.write(`Pulumi.${stack}.yaml`, yaml);
  }

  pulumi(...args: readonly string[]): Promise<Ended> {
    return this.#ended(this.startPulumi(...args));
  }

  /** `pulumi` as a process that goes on; its output is piped. */
  startPulumi(...args: readonly string[]): ChildProcessWithoutNullStreams {
    return this.#start("pulumi", [...args, "--non-interactive"]);
  }

  chatstack(...args: readonly string[]): Promise<Ended> {
    return this.#ended(this.startChatstack(...args));
  }

  /** `chatstack` as a process that goes on; its output is piped. */
  startChatstack(...args: readonly string[]): ChildProcessWithoutNullStreams {
    return this.#start(process.execPath, [join(repository, "bin/chatstack.js"), ...args]);
  }

  #start(command: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(command, args, { cwd: this.root, env: this.#env });
  }

  #ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    return new Promise((done, failed) => {
      child.once("error", failed);
      child.once("close", (code) => done({ code, stdout, stderr }));
    });
  }

  /** @throws Error with the engine's output where it fails. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: exit ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** `pulumi stack export`, secrets encrypted as they are. */
  async exported(stack: string): Promise<string> {
    return this.must("stack", "export", "--stack", stack);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The program's own, with the stand-in for the plugin, and with awsx's own plugin where there is one. */
function projectFile(yaml: string): string {
  const project = parseDocument(yaml);
  project.set("plugins", { providers: providers() });
  return project.toString();
}

/** Plugins of a project, as `Pulumi.yaml` names them. */
export function providers(): { readonly name: string; readonly path: string }[] {
  const awsx = awsxPlugin();
  return [
    { name: "aws", path: join(import.meta.dirname, "plugin") },
    ...(awsx === undefined ? [] : [{ name: "awsx", path: awsx }]),
  ];
}

/** The provider's program, which the CLI would download: github.com/pulumi/pulumi-awsx, `awsx/`, built with its packages. */
function awsxPlugin(): string | undefined {
  try {
    return dirname(execFileSync("which", ["pulumi-resource-awsx"], { encoding: "utf8" }).trim());
  } catch {
    return undefined;
  }
}

/** Why the tests cannot run here; undefined where they can. */
export function missingEngine(): string | undefined {
  try {
    execFileSync("pulumi", ["version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no pulumi on the PATH";
  }
}

/** The same of tests that make components of `@pulumi/awsx`. */
export const missingAwsx = (): string | undefined =>
  missingEngine() ?? (awsxPlugin() ? undefined : "no pulumi-resource-awsx on the PATH");
