/** A project with stacks, a backend on disk and a stand-in for the `pulumi` program first on the PATH. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type {
  EngineEvent,
  StepEventMetadata,
  StepEventStateMetadata,
} from "@pulumi/pulumi/automation/events.js";
import { afterAll } from "vitest";

/** What the stand-in does with a stack; without one it creates two resources and succeeds. */
export interface Behaviour {
  /** How many tries are throttled before one succeeds. */
  readonly throttled?: number;
  readonly previewThrottled?: number;
  /** What the engine says beside the throttling, of resources that were in flight. */
  readonly beside?: readonly string[];
  /** Messages of error diagnostics of the operation; its preview sees none of them. */
  readonly errors?: readonly string[];
  readonly previewErrors?: readonly string[];
  /** How long it takes. */
  readonly milliseconds?: number;
  /** Goes on until it is asked to stop. */
  readonly waits?: true;
  /** Is asked to stop and goes on. */
  readonly ignoresSignals?: true;
  /** Kills itself on the way. */
  readonly crash?: true;
  readonly code?: number;
  /** Written to stderr at the end. */
  readonly says?: string;
  readonly steps?: readonly Partial<StepEventMetadata>[];
  readonly events?: readonly Partial<EngineEvent>[];
}

export interface Invocation {
  readonly event: "start" | "end" | "SIGINT";
  readonly command: string;
  readonly stack?: string;
  readonly args: readonly string[];
  readonly pid: number;
  /** Process of the slot that ran it. */
  readonly parent: number;
  readonly code?: number;
}

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

const repository = resolve(import.meta.dirname, "../..");

/** `chatstack` in a project's folder. */
export function startCli(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Started {
  const child = spawn(process.execPath, [join(repository, "bin/chatstack.js"), ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((done) =>
    child.once("close", (code) => done({ code, stdout, stderr })),
  );
  return { process: child, ended };
}

export const runCli = (...args: Parameters<typeof startCli>): Promise<Ended> =>
  startCli(...args).ended;

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects) project.delete();
});

/** A project that goes when the tests of the file are done. */
export function projectOf(behaviours: Readonly<Record<string, Behaviour>>): Project {
  const project = new Project(behaviours);
  projects.push(project);
  return project;
}

export class Project {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-"));
  readonly backend = join(this.root, "backend");

  constructor(behaviours: Readonly<Record<string, Behaviour>>) {
    this.write("Pulumi.yaml", "name: fleet\nruntime: nodejs\n");
    this.write("policies/PulumiPolicy.yaml", "runtime: nodejs\n");
    for (const stack of Object.keys(behaviours)) {
      this.write(`Pulumi.${stack}.yaml`, "config:\n  chatstack:environment: production\n");
      this.write(`backend/.pulumi/stacks/fleet/${stack}.json`, "{}");
    }
    this.behave(behaviours);
  }

  behave(behaviours: Readonly<Record<string, Behaviour>>): void {
    this.write("behaviours.json", JSON.stringify(behaviours));
  }

  write(file: string, content: string): void {
    const path = join(this.root, file);
    mkdirSync(resolve(path, ".."), { recursive: true });
    writeFileSync(path, content);
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
    return startCli(this.root, args, this.environment(env));
  }

  /** With the stand-in on the PATH. */
  environment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: [join(import.meta.dirname, "stand-in"), process.env.PATH].join(delimiter),
      STAND_IN: this.root,
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      ...env,
    };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  invocations(): Invocation[] {
    try {
      const lines = readFileSync(join(this.root, "invocations.jsonl"), "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }

  /** Invocations of a command that began. */
  started(command: string): Invocation[] {
    return this.invocations().filter((one) => one.event === "start" && one.command === command);
  }

  /** Files of the backend's locks on a stack. */
  locks(stack: string): string[] {
    const folder = join(this.backend, ".pulumi/locks/organization/fleet", stack);
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** Gives a stack resources: `destroy` deletes them. */
  hold(stack: string, resources: readonly Partial<StepEventStateMetadata>[]): void {
    this.write(`backend/.pulumi/stacks/fleet/${stack}.json`, JSON.stringify({ resources }));
  }

  /** URNs of the resources that a stack was given and that are there still. */
  held(stack: string): string[] {
    const file = join(this.backend, `.pulumi/stacks/fleet/${stack}.json`);
    const { resources = [] }: { resources?: { urn: string }[] } = JSON.parse(
      readFileSync(file, "utf8"),
    );
    return resources.map(({ urn }) => urn);
  }

  /** The most operations that ran at the same time. */
  parallelism(): number {
    let [now, most] = [0, 0];
    for (const { event } of this.invocations()) {
      if (event === "start") now++;
      if (event === "end") now--;
      most = Math.max(most, now);
    }
    return most;
  }

  /** Operations that have begun and not ended. */
  working(): number {
    const count = (event: Invocation["event"]) =>
      this.invocations().filter((one) => one.event === event).length;
    return count("start") - count("end");
  }

  /** Stacks, each as often as the command succeeded on it. */
  succeeded(command: string): string[] {
    return this.invocations()
      .filter((one) => one.command === command && one.event === "end" && one.code === 0)
      .flatMap(({ stack }) => stack ?? [])
      .sort();
  }

  async until(isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (!isSo()) {
      if (Date.now() > deadline) throw new Error("it did not come to that within 120 s");
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  /** A file of the project goes. */
  remove(file: string): void {
    rmSync(join(this.root, file));
  }

  read = (file: string): string => readFileSync(join(this.root, file), "utf8");

  /** All of it goes. */
  delete(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
