/**
 * Several users of several tenants read, write, chat and delete, for a bounded time, on the environment
 * of `chatstack start`, which is a process of its own. Then every write that was acknowledged is looked
 * for. `npm run bench:soak -- --seconds 60`; exits with 1 if anything was lost, came twice or is half there.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { DataDir } from "../local/data-dir.ts";
import { signIn } from "../local/sign-in.ts";
import { table } from "../offline/text.ts";
import type { Soak } from "../testing/load/soak.ts";
import { start, temporaryDataDir } from "../testing/processes/start.ts";
import * as actors from "./load/actors.ts";
import { Figures } from "./load/figures.ts";
import type { Heap } from "./load/heap.ts";
import { Ledger } from "./load/ledger.ts";
import { heapOf, watchMemory } from "./load/memory.ts";
import { projectWithoutQuotas } from "./load/project.ts";
import { User } from "./load/user.ts";
import { verify } from "./load/verify.ts";

const usersPerTenant = 2;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    json: { type: "string", default: resolve(import.meta.dirname, "../dist/soak.json") },
  },
});
const seconds = Number(values.seconds);
if (!(seconds >= 1 && seconds <= 3600)) throw new Error("--seconds must be from 1 to 3600");

const soak = await run();
mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(values.json, JSON.stringify(soak, undefined, 2));
report(soak);
const { lost, twice, violations } = soak.verified;
process.exitCode = lost.length + twice.length + violations.length > 0 ? 1 : 0;

async function run(): Promise<Soak> {
  const dataDir = await temporaryDataDir();
  const project = projectWithoutQuotas();
  const heapFile = join(project, "heap.ndjson");
  writeFileSync(heapFile, "");
  const env = {
    HEAP_FILE: heapFile,
    HEAP_EVERY_MS: String((seconds * 1000) / 60),
    NODE_OPTIONS: `--import=${new URL("load/heap.ts", import.meta.url).href}`,
  };
  const environment = await start(dataDir.path, [], { cwd: project, env });
  try {
    const figures = new Figures();
    const users = await signedIn(dataDir.path, figures);
    const ledger = new Ledger();
    const memory = watchMemory(environment.child.pid ?? 0);
    const end = performance.now() + seconds * 1000;
    const isOver = () => performance.now() > end;
    await Promise.all(
      users.flatMap((user) => Object.values(actors).map((actor) => actor(user, ledger, isOver))),
    );
    const used = memory.stop();
    const lines = readFileSync(heapFile, "utf8").trim().split("\n");
    const heap = heapOf(lines.map((line): Heap => JSON.parse(line)));
    const operations = figures.summary(seconds);
    const { failures } = figures;
    const running = runningOf(dataDir.path);
    const verified = await verify(ledger, users, running);
    return { seconds, users: users.length, operations, failures, memory: used, heap, verified };
  } finally {
    await environment.stop("SIGTERM");
    await dataDir.remove();
    rmSync(project, { recursive: true });
  }
}

function runningOf(path: string) {
  const running = new DataDir(path).running();
  if (running === undefined) throw new Error("the environment does not run");
  return running;
}

async function signedIn(path: string, figures: Figures): Promise<User[]> {
  const { tenants, ...running } = runningOf(path);
  const accounts = new DataDir(path).accounts();
  return Promise.all(
    tenants.flatMap((tenant) =>
      (accounts[tenant.id]?.users ?? []).slice(0, usersPerTenant).map(async (account) => {
        const token = await signIn({ ...running, ...tenant, ...account });
        const who = { tenant: tenant.id, name: account.username, url: tenant.url, token };
        return new User(who, figures);
      }),
    ),
  );
}

function report({ operations, failures, memory, heap, verified, users }: Soak): void {
  const rows = operations.map(({ operation, ...figures }) => [
    operation,
    ...[figures.requests, figures.perSecond, figures.p50, figures.p99, figures.longest].map(String),
  ]);
  const head = ["operation", "requests", "a second", "p50 ms", "p99 ms", "longest ms"];
  console.log(table(head, rows, { width: 100 }));
  for (const [failure, count] of Object.entries(failures)) console.log(`${failure}: ${count}`);
  console.log(
    `memory of gateway and functions: median ${memory.secondQuarter} MB in the second quarter, ` +
      `${memory.lastQuarter} MB in the last, ${memory.slope} MB a minute over the second half, ` +
      `${memory.peak} MB at most`,
  );
  console.log(
    `heap of all threads after a collection: median ${heap.secondQuarter} MB in the second quarter, ` +
      `${heap.lastQuarter} MB in the last, ${heap.slope} MB a minute over the second half`,
  );
  console.log(
    `${users} users: ${verified.acknowledged} messages acknowledged in ${verified.conversations} conversations, ` +
      `${verified.lost.length} lost, ${verified.twice.length} twice, ${verified.violations.length} violations; ` +
      `${verified.found} found through the API, ${verified.foundInTables} in the tables`,
  );
  for (const text of [...verified.lost, ...verified.twice, ...verified.violations].slice(0, 20)) {
    console.log(`  ${text}`);
  }
}
