import { afterAll, beforeAll, expect, it } from "vitest";
import { different } from "./aftermath.ts";
import { faults } from "./catalog.ts";
import { crashAndRepeat, crashAndSweep } from "./crash.ts";
import type { Fault } from "./fault.ts";
import type { Operation } from "./operations/operation.ts";
import { type Outcomes, record } from "./report.ts";
import { rehearse, type Site } from "./sites.ts";
import { tryFault } from "./trial.ts";
import { type Engines, type History, startEngines, stopEngines } from "./world.ts";

/**
 * How many faults are tried: `full` for all of each kind at each call, an hour or two; `usual`, as `npm run test:faults` has
 * it, for what tells most at each call and others in turn; by default a sixth of that, and deaths behind each third request.
 */
const extent = process.env.CHATSTACK_FAULTS;
const isFull = extent === "full";
const limitMs = isFull ? 7_200_000 : 240_000;
const atOnce = 4;
const mostShown = 12;

/** Every fault that can happen at every call of every operation, each on a tenant of its own. */
export function describeFaults(history: History, operations: readonly Operation[]): void {
  let engines: Engines;
  const counts = { calls: 0, faults: 0 };
  beforeAll(async () => {
    engines = await startEngines();
  });
  afterAll(async () => {
    await stopEngines(engines);
    process.stdout.write(`${history}: ${counts.faults} faults at ${counts.calls} call sites\n`);
  });

  it.concurrent.each(operations)(
    "$name is done once, or refused as busy and done when asked again",
    async (operation) => {
      const rehearsed = await rehearse(engines, history, operation);
      expect(rehearsed.contents.violations).toEqual([]);
      const first = operations.indexOf(operation);
      const tries = rehearsed.sites.flatMap((site, index) =>
        chosen(site, first + index).map((fault) => ({ site, fault })),
      );
      const findings: string[] = [];
      const byKind: Record<string, Outcomes> = {};
      await inParallel(tries, atOnce, async ({ site, fault }) => {
        const result = await tryFault({ operation, rehearsed, site, fault });
        byKind[fault.kind] ??= {};
        const outcomes = byKind[fault.kind]!;
        outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
        const where = `${fault.name} at ${site.call.command} ${site.call.nth}`;
        findings.push(...result.findings.map((finding) => `${where}: ${finding}`));
      });
      const calls = rehearsed.sites.length;
      record("faults", { history, operation: operation.name, calls, byKind });
      counts.calls += calls;
      counts.faults += tries.length;
      expect(findings.slice(0, mostShown), `${findings.length} findings`).toEqual([]);
    },
    limitMs,
  );
}

/** The process dies behind every request of every operation that writes. */
export function describeCrashes(history: History, operations: readonly Operation[]): void {
  let engines: Engines;
  let crashes = 0;
  beforeAll(async () => {
    engines = await startEngines();
  });
  afterAll(async () => {
    await stopEngines(engines);
    process.stdout.write(`${history}: ${crashes} crashes\n`);
  });

  it.concurrent.each(operations)(
    "$name is done once by whoever asks again after a crash, or ended by the sweep",
    async (operation) => {
      const rehearsed = await rehearse(engines, history, operation);
      const isReading = different(rehearsed.before.lines, rehearsed.contents.lines).length === 0;
      if (isReading) {
        record("crashes", { history, operation: operation.name, crashes: 0 });
        return;
      }
      const turn = operations.indexOf(operation);
      const requests = rehearsed.sites
        .map((_, index) => index + 1)
        .filter((request) => extent !== undefined || (request + turn) % 3 === 0);
      const isSwept = operation.isSwept === true && history === "dynamodb";
      const findings: string[] = [];
      await inParallel(requests, atOnce, async (last) => {
        const found = [
          ...(await crashAndRepeat(operation, rehearsed, last)),
          ...(isSwept ? await crashAndSweep(rehearsed, last) : []),
        ];
        const { command, nth } = rehearsed.sites[last - 1]!.call;
        findings.push(...found.map((finding) => `behind ${command} ${nth}: ${finding}`));
      });
      const died = requests.length * (isSwept ? 2 : 1);
      record("crashes", { history, operation: operation.name, crashes: died });
      crashes += died;
      expect(findings.slice(0, mostShown), `${findings.length} findings`).toEqual([]);
    },
    limitMs,
  );
}

/**
 * At every site what tells most, and a fifth of the other kinds, in turn from site to site; of each kind
 * one fault, in turn too. Of a shorter run a sixth of each, in turn as well.
 */
function chosen({ call, request }: Site, turn: number): readonly Fault[] {
  const possible = faults.filter((fault) => fault.appliesTo(call, request));
  if (isFull) return possible;
  const thinned = extent === undefined ? 6 : 1;
  const kinds = [...Map.groupBy(possible, ({ kind }) => kind)];
  return kinds
    .filter(([kind], index) => {
      const place = always.indexOf(kind);
      return place < 0 ? (index + turn) % (5 * thinned) === 0 : (place + turn) % thinned === 0;
    })
    .flatMap(([, some]) => some[Math.floor(turn / 5) % some.length] ?? []);
}

const always = ["throttled", "answer lost", "answer lost, once"];

export async function inParallel<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
