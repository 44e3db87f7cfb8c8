/**
 * How `chatstack check` grows with the number of tenants: seconds and peak memory at 1, 10 and 100, every
 * figure in a process of its own. `npm run bench:check -- 1 50` measures other sizes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Table from "cli-table3";
import { check } from "../offline/check/check.ts";
import { evaluateStack } from "../offline/project.ts";

interface Checked {
  readonly tenants: number;
  readonly resources: number;
  readonly outcome: string;
  readonly findings: number;
  readonly seconds: number;
  readonly ownMegabytes: number;
  /** Of the pack's process; 0 where the system does not tell. */
  readonly packMegabytes: number;
}

interface Evaluated {
  readonly seconds: number;
  readonly megabytes: number;
}

const repository = resolve(import.meta.dirname, "..");
const [mode, ...rest] = process.argv.slice(2);

if (mode === "--check" || mode === "--evaluate") {
  const measure = mode === "--check" ? measureCheck : measureEvaluation;
  const tenants = Number(rest[0]);
  const root = projectWith(tenants);
  try {
    process.stdout.write(JSON.stringify(await measure(root, tenants)));
  } finally {
    rmSync(root, { recursive: true });
  }
} else {
  const sizes = [mode, ...rest].filter(Boolean).map(Number);
  report(
    (sizes.length > 0 ? sizes : [1, 10, 100]).map((tenants) => {
      const evaluated: Evaluated = inOwnProcess("--evaluate", tenants);
      const checked: Checked = inOwnProcess("--check", tenants);
      return { evaluated, checked };
    }),
  );
}

function inOwnProcess<T>(kind: string, tenants: number): T {
  const args = [import.meta.filename, kind, String(tenants)];
  return JSON.parse(execFileSync(process.execPath, args).toString());
}

async function measureEvaluation(root: string): Promise<Evaluated> {
  const start = performance.now();
  await evaluateStack("bench", { root, preview: true });
  return { seconds: (performance.now() - start) / 1000, megabytes: ownPeak() };
}

async function measureCheck(root: string, tenants: number): Promise<Checked> {
  const children = watchChildren();
  const { summary, outcome } = await check({ root, pack: join(repository, "policies") });
  return {
    tenants,
    resources: summary.resources,
    outcome,
    findings: summary.violations + summary.advisories,
    seconds: summary.seconds,
    ownMegabytes: ownPeak(),
    packMegabytes: children.stop(),
  };
}

function ownPeak(): number {
  return process.resourceUsage().maxRSS / 1024;
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

function report(
  measured: readonly { readonly evaluated: Evaluated; readonly checked: Checked }[],
): void {
  const table = new Table({
    head: [
      "tenants",
      "resources",
      "findings",
      "evaluate alone s",
      "MB",
      "check s",
      "ms per tenant",
      "own MB",
      "pack MB",
    ],
    style: { head: [], border: [] },
    colAligns: Array.from({ length: 9 }, () => "right"),
  });
  for (const { evaluated, checked } of measured) {
    table.push([
      checked.tenants,
      checked.resources,
      `${checked.findings} (${checked.outcome})`,
      evaluated.seconds.toFixed(2),
      evaluated.megabytes.toFixed(0),
      checked.seconds.toFixed(2),
      ((checked.seconds * 1000) / checked.tenants).toFixed(0),
      checked.ownMegabytes.toFixed(0),
      checked.packMegabytes.toFixed(0),
    ]);
  }
  console.log(table.toString());
  for (const [index, { checked: next }] of measured.slice(1).entries()) {
    const previous = measured[index]?.checked;
    if (!previous) continue;
    const tenants = (next.tenants / previous.tenants).toFixed(0);
    const seconds = (next.seconds / previous.seconds).toFixed(1);
    console.log(
      `${previous.tenants} → ${next.tenants} tenants: ${tenants} times the tenants, ${seconds} times the seconds`,
    );
  }
}
