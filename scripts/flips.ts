import { table } from "../offline/text.ts";
import { like } from "../policies/reading/policy-document.ts";
import { allFlips, describeFlip } from "../testing/flips/programs.ts";
import { unnoticed } from "../testing/flips/unnoticed.ts";

/**
 * Weakens every single setting of the components' resources, one at a time, and prints how many of these
 * flips the rules noticed. What no rule notices is in testing/flips/unnoticed.ts, each with its reason.
 */
const start = performance.now();
const flips = await allFlips();
const noticed = flips.filter(({ rules }) => rules.length > 0);
const missed = flips.filter(({ rules }) => rules.length === 0);

const byService = Map.groupBy(flips, ({ type }) => type.split(/[:/]/)[1] ?? "");
const counts = [...byService].map(([service, tried]) => {
  const hits = tried.filter(({ rules }) => rules.length > 0);
  const rules = new Set(hits.flatMap((flip) => flip.rules));
  return [service, ...[tried.length, hits.length, rules.size].map(String)];
});
console.log(table(["service", "tried", "noticed", "by rules"], counts, { width: 80 }));

const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(
  `${flips.length} flips tried in ${seconds} s: ${noticed.length} noticed, ${missed.length} not`,
);
const reasons = Object.entries(unnoticed);
const reasonOf = (flip: string) =>
  reasons.find(([, rows]) => rows.some((row) => like(row, flip)))?.[0] ?? "without a reason";
const byReason = Map.groupBy(missed.map(describeFlip), reasonOf);
for (const [reason, of] of byReason) console.log(`${String(of.length).padStart(5)}  ${reason}`);

const unknown = byReason.get("without a reason") ?? [];
for (const flip of new Set(unknown)) console.log(`       ${flip}`);
process.exitCode = unknown.length > 0 ? 1 : 0;
