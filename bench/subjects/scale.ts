import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CellPlan } from "../../offline/cells/plan.ts";
import { evaluateStack, readStackFile } from "../../offline/project.ts";
import type { LeastTimes } from "../../offline/quotas/rates.ts";
import { evaluatedQuotas } from "../../offline/quotas/stacks.ts";
import { cellsProject } from "../cells.ts";
import { type Ran, runInOwnProcess } from "../own-process.ts";
import { spread } from "../statistics.ts";
import type { Context, Measured, Subject, Target } from "../subject.ts";

const defaultSizes = [100, 1_000, 10_000];

/** Restores of tables that an account may have under way (DynamoDB Developer Guide, "Restore a table in DynamoDB"). */
const restoresAtOnce = 50;

export const scale: Subject = {
  name: "scale",
  title: "Thousands of tenants",
  about: `Tenants in files of their own, of three areas; of twenty, twelve are \`basic\`, seven \`standard\` and one is \`enterprise\`.
\`chatstack cell plan\` places all of them, as new, in accounts with AWS's default quotas and cells of at most 50, filled to
80%. Then each command runs on the cells; \`plan\` is of one tenant that was changed since the last commit. CPU seconds are those of the process, threads included; memory is its peak.`,
  minutes: 6,
  peers: [],
  measure,
};

interface Done {
  readonly exitCode: number;
}

interface Sized {
  readonly tenants: number;
  readonly placed: CellPlan;
  readonly least: LeastTimes;
  readonly runs: ReadonlyMap<string, readonly Ran<Done>[]>;
}

const checkout = join(import.meta.dirname, "../..");
const worker = join(import.meta.dirname, "../workers/command.ts");

/** A cell, and one of its tenants. */
const commandsIn = (cell: string, tenant: string): ReadonlyMap<string, readonly string[]> =>
  new Map([
    ["cell plan", ["cell", "plan"]],
    ["tenant show", ["tenant", "show", tenant, "--stack", cell]],
    ["tenant add", ["tenant", "add", "newcomer", "--tier", "basic", "--stack", cell, "--dry-run"]],
    ["tenant suspend", ["tenant", "suspend", tenant, "--stack", cell, "--dry-run"]],
    ["plan", ["plan", "--stack", cell, "--against", "git:HEAD"]],
  ]);

async function measure({ sizes, progress }: Context): Promise<Measured> {
  const measured: Sized[] = [];
  for (const tenants of sizes.length > 0 ? sizes : defaultSizes) {
    progress(`${tenants} tenants: placing them`);
    measured.push(await sized(tenants, (text) => progress(`${tenants} tenants: ${text}`)));
  }
  return {
    tables: [
      {
        caption: "What a command costs",
        columns: commandColumns,
        rows: measured.flatMap(commandRows),
      },
      {
        caption:
          "What so many tenants need, and how long it takes at least by the rates of API Gateway, cells of several accounts at the same time",
        columns: needColumns,
        rows: measured.map(needRow),
      },
    ],
    targets: [...ofOne(measured), ...linear(measured)],
    notes: [
      `A roll-out of a cell takes at least as long as API Gateway lets an account and region deploy its APIs, one every five
seconds. All cells together take longer than one where fewer of them are updated at the same time than there are: the
table assumes 32 (eight machines, four each). What AWS and the engine need beside it comes on top. DynamoDB restores ${restoresAtOnce}
tables of an account at the same time, so a cell is restored in one go; how long that takes depends on the largest table.`,
    ],
  };
}

async function sized(tenants: number, progress: (text: string) => void): Promise<Sized> {
  const { root, placed } = await cellsProject(tenants);
  try {
    const { tenant = "", to: cell = "" } = placed.additions[0] ?? {};
    const commands = commandsIn(cell, tenant);
    commitThenChange(root, `tenants/${cell}/${tenant}.yaml`);
    const runs = new Map<string, Ran<Done>[]>();
    for (let round = 0; round < (tenants > 1_000 ? 1 : 3); round++) {
      for (const [name, args] of commands) {
        progress(`${name}, round ${round + 1}`);
        const ran = await runInOwnProcess<Done>(worker, [checkout, root, ...args]);
        if (ran.result.exitCode !== 0)
          throw new Error(`chatstack ${args.join(" ")} ended with ${ran.result.exitCode}`);
        runs.set(name, [...(runs.get(name) ?? []), ran]);
      }
    }
    const file = readStackFile(root, "chatstack", cell);
    const evaluation = await evaluateStack(cell, { root, preview: true });
    const { least } = evaluatedQuotas({ file, evaluation });
    return { tenants, placed, least, runs };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What `plan` finds: one tenant that asks for another quota. */
function commitThenChange(root: string, file: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=bench", "-c", "user.email=bench", ...args]);
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message=before");
  const entry: unknown = JSON.parse(readFileSync(join(root, file), "utf8"));
  writeFileSync(
    join(root, file),
    JSON.stringify({ ...Object(entry), api: { tokensPerDay: 1_000 } }),
  );
}

const commandColumns = [
  { key: "command", label: "command" },
  { key: "tenants", label: "tenants" },
  { key: "cpu", label: "CPU seconds", digits: 1 },
  { key: "seconds", label: "seconds", digits: 1 },
  { key: "megabytes", label: "MB" },
];

const commandRows = ({ tenants, runs }: Sized) =>
  [...runs].map(([command, ran]) => ({
    command: `chatstack ${command}`,
    tenants,
    cpu: spread(ran.map(({ processorSeconds }) => processorSeconds)),
    seconds: spread(ran.map(({ seconds }) => seconds)),
    megabytes: spread(ran.map(({ megabytes }) => megabytes)),
  }));

const needColumns = [
  { key: "tenants", label: "tenants" },
  { key: "cells", label: "cells" },
  { key: "largest", label: "tenants of the largest" },
  { key: "rollOut", label: "minutes to deploy every API of a cell anew", digits: 1 },
  { key: "all", label: "of all cells", digits: 1 },
  { key: "create", label: "minutes to create a cell", digits: 1 },
  { key: "destroy", label: "minutes to destroy a cell", digits: 1 },
  { key: "restores", label: "rounds of restores of a cell" },
];

const atOnce = 32;

function needRow({ tenants, placed, least }: Sized) {
  const cells = placed.cells.filter(({ proposed }) => proposed !== "soon");
  const largest = Math.max(...cells.map(({ after }) => after));
  const { create, redeploy, destroy } = least;
  return {
    tenants,
    cells: cells.length,
    largest,
    rollOut: redeploy.seconds / 60,
    all: (Math.ceil(cells.length / atOnce) * redeploy.seconds) / 60,
    create: create.seconds / 60,
    destroy: destroy.seconds / 60,
    restores: Math.ceil(largest / restoresAtOnce),
  };
}

const median = ({ runs }: Sized, command: string, of: (ran: Ran<Done>) => number): number =>
  spread((runs.get(command) ?? []).map(of)).median;

function ofOne(measured: readonly Sized[]): Target[] {
  const last = measured.at(-1);
  if (last === undefined) return [];
  return ["tenant show", "tenant add", "tenant suspend", "plan"].map((command) => {
    const cpu = median(last, command, ({ processorSeconds }) => processorSeconds);
    const memory = median(last, command, ({ megabytes }) => megabytes);
    return {
      target: `\`${command}\` among ${last.tenants} tenants takes less than 2 s of CPU and 300 MB`,
      measured: `${cpu.toFixed(1)} s, ${memory.toFixed(0)} MB`,
      met: cpu < 2 && memory < 300,
    };
  });
}

function linear(measured: readonly Sized[]): Target[] {
  const [few, many] = measured.slice(-2);
  if (few === undefined || many === undefined) return [];
  const cpu = (one: Sized) => median(one, "cell plan", ({ processorSeconds }) => processorSeconds);
  const more = many.tenants / few.tenants;
  return [
    {
      target: `\`cell plan\` of ${more} times the tenants takes no more than ${more} times the CPU`,
      measured: `${cpu(few).toFixed(1)} s, then ${cpu(many).toFixed(1)} s`,
      met: cpu(many) <= more * cpu(few),
    },
  ];
}
