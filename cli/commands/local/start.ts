/** `chatstack start`: a stack's tenants on this machine, without an AWS account. */
import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../../local/environment.ts";
import { dataDirOption } from "../options.ts";

interface Flags {
  readonly port: number;
  readonly stack: string;
  readonly dataDir: string;
  readonly models?: string;
  readonly reset?: true;
  readonly watch: boolean;
  readonly json?: true;
}

export function registerStart(program: Command) {
  program
    .command("start")
    .description("run a stack's tenants on this machine, on embedded AWS, until Ctrl-C")
    .option("-p, --port <number>", "TCP port of 127.0.0.1, 0 for any", parsePort, 8787)
    .option("-s, --stack <name>", "stack whose tenants to run: Pulumi.<name>.yaml", "dev")
    .option("--models <list>", "real models instead of the stack's, the default first")
    .addOption(dataDirOption("where the data is kept between runs"))
    .option("--reset", "delete the data of earlier runs first")
    .option("--no-watch", "do not apply changes of the stack's file and the app's sources")
    .option("--json", "print one JSON object a line, the last one with all tenants when ready")
    .addHelpText(
      "after",
      `
While it runs, it applies changes of the stack's file and reloads the app's code. Data stays.

With AWS_ENDPOINT_URL, or AWS_ENDPOINT_URL_DYNAMODB, _S3 or _COGNITO_IDENTITY_PROVIDER, nothing is
embedded for these services: tables, buckets and user pools are created at that address.

Models are separated by commas. Their API keys stay in this process; the functions do not get them.
  ollama:<model>                     on this machine; OLLAMA_HOST says where
  openai-compatible:<url>#<model>    key in CHATSTACK_MODELS_API_KEY, if there is one
  bedrock:<model>                    with AWS_PROFILE, or other credentials of the AWS SDK
  <package>:<model>                  any provider of the AI SDK, with its own variables

Examples:
  $ chatstack start --port 9000 --reset
  $ chatstack start --models ollama:llama3.2

Exit code: 0 stopped by Ctrl-C, 1 failed, 2 wrong options, stack file or data folder.`,
    )
    .action(async (flags: Flags) => {
      // Engines choose the modes of their files: what users said is for nobody else on this machine.
      const mask = process.umask(0o077);
      try {
        await start(flags);
      } finally {
        process.umask(mask);
      }
    });
  return { example: "start", does: "run the tenants of Pulumi.dev.yaml on this machine" };
}

async function start(flags: Flags): Promise<void> {
  // Before anything is loaded: the first sign of life.
  if (!flags.json) process.stdout.write(`Starting the tenants of stack ${flags.stack} …\n`);
  const stopped = untilStopped();
  const { startEnvironment } = await import("../../../local/environment.ts");
  const { warnOfConfig } = await import("../../terminal/config-warnings.ts");
  warnOfConfig([flags.stack]);
  const output = flags.json ? jsonOutput() : textOutput(flags);
  const crashed = Promise.withResolvers<never>();
  // Whoever waits sees it; before anybody does, it must not end the process.
  crashed.promise.catch(() => {});

  const starting = startEnvironment({
    ...flags,
    onProgress: output.progress,
    onRequestFailure: (message) => process.stderr.write(`${message}\n`),
    ...(flags.watch && { onChange: output.changed }),
    onCrash: crashed.reject,
  });
  const environment = await Promise.race([starting, crashed.promise]);
  try {
    await output.ready(environment);
    await Promise.race([stopped, crashed.promise]);
  } finally {
    await environment.stop();
  }
  process.exit(0);
}

/** Resolves on Ctrl-C and its kin; asked a second time, the process ends at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    watchNpm(stop);
  });
}

/** Under `npm start`, a killed npm would leave this process behind, holding port and data folder. */
function watchNpm(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    stop();
  }, 250).unref();
}

/** Parent and its parent: npm starts scripts through a shell, which outlives it on Linux. */
function ancestors(): string {
  try {
    const [, grandparent] =
      /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${process.ppid}/status`, "utf8")) ?? [];
    return `${process.ppid} ${grandparent}`;
  } catch {
    return String(process.ppid);
  }
}

interface Output {
  progress(message: string): void;
  changed(line: string, outcome: "applied" | "failed"): void;
  ready(environment: Environment): Promise<void>;
}

function jsonOutput(): Output {
  const line = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
  return {
    progress: (message) => line({ event: "progress", message }),
    changed: (message, outcome) => line({ event: "changed", outcome, message }),
    async ready({ page, tenants, endpoints, models }) {
      const told = models.map(({ id, answeredBy, cost }) => ({ id, answeredBy, cost }));
      line({ event: "ready", page, tenants, endpoints, models: told });
    },
  };
}

/** Progress is worth a line once a start takes longer than this. */
const patienceMilliseconds = 2000;

function textOutput(flags: Flags): Output {
  let current = "starting";
  let patient = true;
  const print = () => process.stderr.write(`${current} …\n`);
  const timer = setTimeout(() => {
    patient = false;
    print();
  }, patienceMilliseconds);
  return {
    progress(message) {
      current = message;
      if (!patient) print();
    },
    changed: (line) => process.stderr.write(`${line}\n`),
    async ready(environment) {
      clearTimeout(timer);
      const { describeEnvironment } = await import("../../actions/start-report.ts");
      process.stdout.write(describeEnvironment(environment, flags.dataDir));
    },
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535 || text.trim() === "") {
    throw new InvalidArgumentError("Allowed: a whole number from 0 to 65535.");
  }
  return port;
}
