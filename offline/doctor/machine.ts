/** What this machine needs to run Pulumi on the project: programs on the PATH, a backend, a passphrase. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { fieldsOf } from "../fields.ts";
import type { Check } from "./report.ts";

/** The first that runs TypeScript as it is. (Node.js documentation, "Modules: TypeScript".) */
const leastNode = [22, 18] as const;
/** Of the peer dependency @pulumi/pulumi. */
const leastPulumi = [3, 250] as const;

export interface Machine {
  readonly root: string;
  /** Of stacks that are looked at. */
  readonly stackFiles: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function machineChecks(machine: Machine): Check[] {
  const backend = backendOf(machine);
  return [
    nodeCheck(machine),
    pulumiCheck(machine),
    backendCheck(backend),
    passphraseCheck(machine, backend),
  ];
}

function nodeCheck({ root, environment }: Machine): Check {
  const named = { id: "node", subject: "Node.js" };
  const own = versionOf("node", ["--version"], outside(environment));
  const brought = versionOf(join(root, "node_modules/.bin/node"), ["--version"], environment);
  const found = own === undefined ? "No node is on the PATH" : `On the PATH: ${text(own)}`;
  if (isAtLeast(own, leastNode)) return { ...named, state: "ok", why: `${found}.` };
  if (isAtLeast(brought, leastNode)) {
    const why = `${found}, too old for plain pulumi; npm run pulumi uses ${text(brought)} of this project.`;
    return { ...named, state: "ok", why };
  }
  const todo = {
    text: `Install Node.js ${leastNode.join(".")} or newer, or run npm ci and use npm run pulumi.`,
    commands: ["npm ci"],
  };
  return { ...named, state: "missing", why: `${found}; ${leastNode.join(".")} is needed.`, todo };
}

function pulumiCheck({ environment }: Machine): Check {
  const named = { id: "pulumi", subject: "Pulumi CLI" };
  const version = versionOf("pulumi", ["version"], outside(environment));
  if (isAtLeast(version, leastPulumi)) {
    return { ...named, state: "ok", why: `On the PATH: ${text(version)}.` };
  }
  const found = version === undefined ? "It is not on the PATH." : `On the PATH: ${text(version)}.`;
  const todo = {
    text: `Install version ${leastPulumi.join(".")} or newer: https://www.pulumi.com/docs/install/`,
  };
  return { ...named, state: "missing", why: found, todo };
}

interface Backend {
  readonly url?: string;
  /** Where it is said. */
  readonly from?: string;
  /** Whether somebody logged in on this machine, wherever that was. */
  readonly hasLogin: boolean;
}

/** What login wrote is not read: it has tokens. */
function backendOf({ root, environment }: Machine): Backend {
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN, PULUMI_HOME, HOME = homedir() } = environment;
  const home = PULUMI_HOME ?? join(HOME, ".pulumi");
  const hasLogin = Boolean(PULUMI_ACCESS_TOKEN) || existsSync(join(home, "credentials.json"));
  if (PULUMI_BACKEND_URL) return { url: PULUMI_BACKEND_URL, from: "PULUMI_BACKEND_URL", hasLogin };
  const { url } = fieldsOf(yamlFields(join(root, "Pulumi.yaml")).backend);
  return typeof url === "string" ? { url, from: "Pulumi.yaml", hasLogin } : { hasLogin };
}

function backendCheck({ url, from, hasLogin }: Backend): Check {
  const named = { id: "pulumi-backend", subject: "Pulumi backend" };
  if (url !== undefined) {
    const scheme = /^[\w+]+:/.exec(url)?.[0] ?? "an address";
    return { ...named, state: "ok", why: `${from} names it (${scheme}//…).` };
  }
  if (hasLogin) {
    const why = "Somebody is logged in; pulumi whoami --verbose says where.";
    return { ...named, state: "ok", why };
  }
  const todo = {
    text: "Log in to the backend that keeps the state: Pulumi Cloud, or a bucket that you made for it.",
    commands: ["pulumi login", "pulumi login 's3://<bucket>?region=<region>'"],
  };
  return { ...named, state: "missing", why: "Nobody is logged in, and nothing names one.", todo };
}

function passphraseCheck({ stackFiles, environment }: Machine, { url }: Backend): Check {
  const named = { id: "pulumi-passphrase", subject: "passphrase of secrets" };
  const files = stackFiles.map((path) => yamlFields(path));
  const isSet =
    environment.PULUMI_CONFIG_PASSPHRASE !== undefined ||
    Boolean(environment.PULUMI_CONFIG_PASSPHRASE_FILE);
  if (isSet) return { ...named, state: "ok", why: "The environment has it." };
  const todo = {
    text: "Set PULUMI_CONFIG_PASSPHRASE_FILE, or choose a KMS key when the stack is made.",
    commands: ["pulumi stack init <stack> --secrets-provider 'awskms://alias/<key>'"],
  };
  if (files.some(({ encryptionsalt }) => encryptionsalt !== undefined)) {
    const why = "A stack file is encrypted with one, and the environment has none.";
    return { ...named, state: "missing", why, todo };
  }
  if (files.length > 0 && files.every(({ secretsprovider }) => secretsprovider !== undefined)) {
    return { ...named, state: "ok", why: "The stack files name a secrets provider." };
  }
  if (url !== undefined && !/^https?:/.test(url)) {
    const why = "This backend encrypts new stacks with one, unless a provider is named.";
    return { ...named, state: "unknown", why, todo };
  }
  return { ...named, state: "ok", why: "No stack file asks for one." };
}

function yamlFields(path: string): Readonly<Record<string, unknown>> {
  return existsSync(path)
    ? fieldsOf(parse(readFileSync(path, "utf8"), { logLevel: "silent" }))
    : {};
}

/** npm puts what it installed first on the PATH of what it runs; a person's shell has none of it. */
function outside(environment: Machine["environment"]): Machine["environment"] {
  const folders = (environment.PATH ?? "").split(delimiter);
  const own = folders.filter((folder) => !/node_modules[/\\]\.bin[/\\]?$/.test(folder));
  return { ...environment, PATH: own.join(delimiter) };
}

type Version = readonly [major: number, minor: number, patch: number];

/** Undefined where the program is not there or says none. */
function versionOf(
  program: string,
  args: readonly string[],
  env: Machine["environment"],
): Version | undefined {
  try {
    const said = execFileSync(program, args, {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
    });
    const [, major, minor, patch] = /v?(\d+)\.(\d+)\.(\d+)/.exec(said) ?? [];
    return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
  } catch {
    return undefined;
  }
}

function isAtLeast(
  version: Version | undefined,
  [major, minor]: readonly [number, number],
): boolean {
  if (version === undefined) return false;
  return version[0] > major || (version[0] === major && version[1] >= minor);
}

const text = (version: Version | undefined): string => version?.join(".") ?? "";
