/**
 * How `chatstack check` grows with the number of tenants: seconds and peak memory at 1, 10 and 100, every
 * size in a process of its own. `npm run bench:check -- 1 50` measures other sizes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Table from "cli-table3";
import { check } from "../offline/check/check.ts";
import { evaluateStack } from "../offline/project.ts";

interface Measurement {
  readonly tenants: number;
  readonly resources: number;
  readonly outcome: string;
  readonly findings: number;
  readonly evaluateSeconds: number;
  readonly checkSeconds: number;
  readonly ownMegabytes: number;
  /** Of the pack's process; 0 where the system does not tell. */
  readonly packMegabytes: number;
}

const repository = resolve(import.meta.dirname, "..");
const [mode, ...rest] = process.argv.slice(2);

if (mode === "--measure") {
  process.stdout.write(JSON.stringify(await measure(Number(rest[0]))));
} else {
  const sizes = [mode, ...rest].filter(Boolean).map(Number);
  report((sizes.length > 0 ? sizes : [1, 10, 100]).map(inOwnProcess));
}

function inOwnProcess(tenants: number): Measurement {
  const output = execFileSync(process.execPath, [
    import.meta.filename,
    "--measure",
    String(tenants),
  ]);
  return JSON.parse(output.toString());
}

async function measure(tenants: number): Promise<Measurement> {
  const root = projectWith(tenants);
  const pack = join(repository, "policies");
  try {
    // Bundles the app and loads what is loaded once: neither grows with the tenants.
    await evaluateStack("bench", { root, preview: true });
    const evaluateSeconds = await timed(() => evaluateStack("bench", { root, preview: true }));
    const children = watchChildren();
    const { summary, outcome } = await check({ root, pack });
    return {
      tenants,
      resources: summary.resources,
      outcome,
      findings: summary.violations + summary.advisories,
      evaluateSeconds,
      checkSeconds: summary.seconds,
      ownMegabytes: process.resourceUsage().maxRSS / 1024,
      packMegabytes: children.stop(),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** A project whose only stack has that many tenants, as production has them. */
function projectWith(tenants: number): string {
  const root = mkdtempSync(join(tmpdir(), "bench-check-"));
  const main = join(repository, "stacks/index.ts");
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
    "chatstack:defaults": { retain: "protect" },
    "chatstack:tenants": Array.from({ length: tenants }, (_, index) => ({
      id: `tenant-${index}`,
      tier: "standard",
    })),
  };
  // YAML takes JSON as it is.
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(join(root, "Pulumi.bench.yaml"), JSON.stringify({ config }));
  return root;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Peak memory of child processes, as Linux counts it (proc(5), `VmHWM`), in MB. */
function watchChildren(): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of childProcesses()) peak = Math.max(peak, peakMegabytes(pid));
  }, 100);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function childProcesses(): string[] {
  const tasks = `/proc/${process.pid}/task`;
  const read = (task: string) => readFileSync(`${tasks}/${task}/children`, "utf8").split(" ");
  return attempt(() => readdirSync(tasks).flatMap(read).filter(Boolean)) ?? [];
}

function peakMegabytes(pid: string): number {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** A process may end between being listed and being read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function report(measurements: readonly Measurement[]): void {
  const table = new Table({
    head: [
      "tenants",
      "resources",
      "findings",
      "evaluate s",
      "check s",
      "check ms per tenant",
      "own MB",
      "pack MB",
    ],
    style: { head: [], border: [] },
    colAligns: Array.from({ length: 8 }, () => "right"),
  });
  for (const one of measurements) {
    table.push([
      one.tenants,
      one.resources,
      `${one.findings} (${one.outcome})`,
      one.evaluateSeconds.toFixed(2),
      one.checkSeconds.toFixed(2),
      ((one.checkSeconds * 1000) / one.tenants).toFixed(0),
      one.ownMegabytes.toFixed(0),
      one.packMegabytes.toFixed(0),
    ]);
  }
  console.log(table.toString());
  for (const [index, next] of measurements.slice(1).entries()) {
    const previous = measurements[index];
    if (!previous) continue;
    const growth = (next.checkSeconds / previous.checkSeconds).toFixed(1);
    console.log(
      `${previous.tenants} → ${next.tenants} tenants: ${(next.tenants / previous.tenants).toFixed(0)} times the tenants, ${growth} times the seconds`,
    );
  }
}
