import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildLambdaBundle } from "../../app/bundle/bundle.ts";
import { chatTable } from "../../app/resources/table.ts";
import { type Ran, runInOwnProcess } from "../own-process.ts";
import { peersFolder } from "../peers.ts";
import { interleaved, spread } from "../statistics.ts";
import type { Context, Measured, Subject, Target } from "../subject.ts";

const defaultSizes = [1, 10, 100, 500];

export const check: Subject = {
  name: "check",
  title: "Checking policies, by number of tenants",
  about: `\`chatstack check\` of one stack with so many tenants of the \`standard\` tier in production: the program is
evaluated and its resources are judged by the pack's rules in the same process, some tenants at a time on every core, with
the compiled code of the last run at hand (\`NODE_COMPILE_CACHE\`), as the command has it. Against \`cdk synth\` with cdk-nag's AwsSolutions and HIPAA packs at
their default settings, as a CDK program would have it: a stack per tenant, with the same table and indexes, key, backups,
bucket and its log bucket, user pool with client and group, REST API with authorizer, two routes and nine gateway responses,
function of the same bundle with role, queue and log groups, and firewall, through the CDK's own constructs
(\`bench/peers/check/tenant-stack.mjs\`). Seconds are those of the whole process; memory is the sum of the peaks of all its processes.`,
  minutes: 6,
  peers: ["aws-cdk-lib", "cdk-nag"],
  measure,
};

interface Checked {
  readonly resources: number;
  readonly findings: number;
}

const ours = join(import.meta.dirname, "../workers/check.ts");
const cdk = join(peersFolder, "check/synth.mjs");

async function measure({ sizes, progress }: Context): Promise<Measured> {
  const bundle = buildLambdaBundle();
  const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") };
  const measured = [];
  for (const tenants of sizes.length > 0 ? sizes : defaultSizes) {
    const rounds = tenants <= 10 ? 3 : 1;
    const runs = await interleaved(
      rounds,
      new Map([
        ["chatstack check", () => runInOwnProcess<Checked>(ours, [`${tenants}`], compileCache)],
        [
          "cdk synth, cdk-nag",
          () => runInOwnProcess<Checked>(cdk, [`${tenants}`, bundle, JSON.stringify(chatTable)]),
        ],
      ]),
      (text) => progress(`${tenants} tenants, ${text}`),
    );
    measured.push({ tenants, runs });
  }
  return {
    tables: [
      {
        caption: "A process each, in turns",
        columns,
        rows: measured.flatMap(({ tenants, runs }) =>
          [...runs].map(([tool, results]) => rowOf(tool, tenants, results)),
        ),
      },
    ],
    targets: [...measured.map(({ tenants, runs }) => ahead(tenants, runs)), ...linear(measured)],
    notes: [
      `Policies are what \`pulumi up\` asks, called directly: a test holds both ways to the same findings, and \`--protocol\`
speaks the engine's protocol. While a program is evaluated, resources are registered and outputs are made with a promise
where Pulumi's SDK takes dozens (\`offline/sdk/\`); records are the same.`,
    ],
  };
}

const columns = [
  { key: "tool", label: "tool" },
  { key: "tenants", label: "tenants" },
  { key: "resources", label: "resources" },
  { key: "findings", label: "findings" },
  { key: "seconds", label: "seconds", digits: 1 },
  { key: "processorSeconds", label: "processor seconds", digits: 1 },
  { key: "perTenant", label: "ms a tenant" },
  { key: "megabytes", label: "MB" },
];

function rowOf(tool: string, tenants: number, results: readonly Ran<Checked>[]) {
  const seconds = spread(results.map((ran) => ran.seconds));
  return {
    tool,
    tenants,
    resources: results[0]?.result.resources,
    findings: results[0]?.result.findings,
    seconds,
    processorSeconds: spread(results.map((ran) => ran.processorSeconds)),
    perTenant: (seconds.median * 1000) / tenants,
    megabytes: spread(results.map(({ megabytes }) => megabytes)),
  };
}

function ahead(tenants: number, runs: ReadonlyMap<string, readonly Ran<Checked>[]>): Target {
  const [mine = [], theirs = []] = [...runs.values()];
  const ratio = (figure: (ran: Ran<Checked>) => number) =>
    spread(theirs.map(figure)).median / spread(mine.map(figure)).median;
  const time = ratio(({ seconds }) => seconds);
  const memory = ratio(({ megabytes }) => megabytes);
  const isMany = tenants >= 100;
  return {
    target: `ahead of \`cdk synth\` with cdk-nag in time and in memory at ${tenants} tenants${isMany ? ", in half its time" : ""}`,
    measured: `${time.toFixed(2)} times as fast, ${(1 / memory).toFixed(2)} times the memory`,
    met: time >= (isMany ? 2 : 1) && memory > 1,
    otherwise: `By memory or by time, as measured. In a profile at 100 tenants (2026-11-30) no function takes more than 2 %: a
quarter is the rules, a fifth the program, a quarter what registers its resources, a sixth the start, a twentieth the collection
of garbage.`,
  };
}

type Sized = {
  readonly tenants: number;
  readonly runs: ReadonlyMap<string, readonly Ran<Checked>[]>;
};

/** From the second size on, since the first is mostly the start of two processes. */
function linear(measured: readonly Sized[]): Target[] {
  const perTenant = measured
    .filter(({ tenants }) => tenants >= 10)
    .map(({ tenants, runs }) => {
      const [mine = []] = [...runs.values()];
      return { tenants, ms: (spread(mine.map(({ seconds }) => seconds)).median * 1000) / tenants };
    });
  const [first, last] = [perTenant[0], perTenant.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  return [
    {
      target: `time grows no faster than tenants, from ${first.tenants} to ${last.tenants}`,
      measured: `${first.ms.toFixed(0)} ms a tenant, then ${last.ms.toFixed(0)}`,
      met: last.ms <= first.ms * 1.1,
    },
  ];
}
