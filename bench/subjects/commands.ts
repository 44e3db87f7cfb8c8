import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { type Ran, runInOwnProcess } from "../own-process.ts";
import { repository } from "../project.ts";
import { interleaved, spread } from "../statistics.ts";
import type { Context, Measured, Subject, Target } from "../subject.ts";

const defaultSizes = [10, 50, 200];

const commands: ReadonlyMap<string, readonly string[]> = new Map([
  ["plan", ["plan", "--stack", "bench", "--against", "before"]],
  ["check", ["check", "--stack", "bench"]],
  ["cost", ["cost", "--stack", "bench"]],
  ["report", ["report", "--stack", "bench", "--against", "before", "--output", "report.html"]],
  ["tenant list", ["tenant", "list", "--stack", "bench"]],
  ["tenant suspend", ["tenant", "suspend", "tenant-0", "--stack", "bench"]],
]);

export const commandsByTenants: Subject = {
  name: "commands",
  title: "What operators run, by number of tenants",
  about: `Each command on one stack with so many tenants of the \`standard\` tier in production. \`plan\` and \`report\` compare it
with a stack that lacks the last tenant and has another setting for the first. Seconds are those of the whole
process; memory is the sum of the peaks of all its processes.`,
  minutes: 8,
  peers: [],
  measure,
};

interface Done {
  readonly exitCode: number;
}

type Sized = { readonly tenants: number; readonly runs: ReadonlyMap<string, readonly Ran<Done>[]> };

const worker = join(import.meta.dirname, "../workers/command.ts");

async function measure({ sizes, before, progress }: Context): Promise<Measured> {
  const checkouts = new Map([
    ...(before === undefined ? [] : [[commitOf(before), resolve(before)] as const]),
    ["now", repository] as const,
  ]);
  const measured: Sized[] = [];
  for (const tenants of sizes.length > 0 ? sizes : defaultSizes) {
    const contenders = new Map(
      [...commands].flatMap(([name, args]) =>
        [...checkouts].map(([version, checkout]) => [
          keyOf(name, version),
          () => runInOwnProcess<Done>(worker, [checkout, `${tenants}`, ...args]),
        ]),
      ),
    );
    const rounds = tenants <= 50 ? 3 : 1;
    const runs = await interleaved(rounds, contenders, (text) =>
      progress(`${tenants} tenants, ${text}`),
    );
    measured.push({ tenants, runs });
  }
  return {
    tables: [
      {
        caption: "A process each, in turns",
        columns,
        rows: [...commands.keys()].flatMap((command) =>
          measured.flatMap(({ tenants, runs }) =>
            [...checkouts.keys()].map((version) =>
              rowOf({ command, version, tenants }, runs.get(keyOf(command, version)) ?? []),
            ),
          ),
        ),
      },
    ],
    targets: [...commands.keys()].flatMap((command) => linear(command, measured)),
  };
}

const keyOf = (command: string, version: string): string => `${command} ${version}`;

/** Of a checkout, as the table names it. */
function commitOf(checkout: string): string {
  const log = ["-C", checkout, "log", "-1", "--format=%h"];
  return execFileSync("git", log, { encoding: "utf8" }).trim();
}

const columns = [
  { key: "command", label: "command" },
  { key: "tenants", label: "tenants" },
  { key: "version", label: "version" },
  { key: "seconds", label: "seconds", digits: 1 },
  { key: "processorSeconds", label: "processor seconds", digits: 1 },
  { key: "perTenant", label: "ms a tenant" },
  { key: "megabytes", label: "MB" },
];

function rowOf(
  {
    command,
    version,
    tenants,
  }: Readonly<Record<"command" | "version", string>> & { tenants: number },
  runs: readonly Ran<Done>[],
) {
  const seconds = spread(runs.map((ran) => ran.seconds));
  return {
    command: `chatstack ${command}`,
    tenants,
    version,
    seconds,
    processorSeconds: spread(runs.map((ran) => ran.processorSeconds)),
    perTenant: (seconds.median * 1000) / tenants,
    megabytes: spread(runs.map(({ megabytes }) => megabytes)),
  };
}

function linear(command: string, measured: readonly Sized[]): Target[] {
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const perTenant = ({ tenants, runs }: Sized) =>
    (spread((runs.get(keyOf(command, "now")) ?? []).map(({ seconds }) => seconds)).median * 1000) /
    tenants;
  const [few, many] = [perTenant(first), perTenant(last)];
  return [
    {
      target: `\`${command}\` takes no longer per tenant at ${last.tenants} than at ${first.tenants}`,
      measured: `${few.toFixed(0)} ms a tenant, then ${many.toFixed(0)}`,
      met: many <= few,
    },
  ];
}
