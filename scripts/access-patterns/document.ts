/** `docs/scale/access-patterns.md`, written from the table's description and what each pattern was measured to cost. */
import { chatTable, type IndexDescription } from "../../app/resources/table.ts";
import type { Measured } from "./measure.ts";

export function accessPatternsDocument(measured: readonly Measured[]): string {
  const above = measured.flatMap(({ pattern }) =>
    pattern.above === undefined ? [] : [`- *${pattern.name}*: ${pattern.above.because}.`],
  );
  return `# Access patterns

<!-- Written by \`npm run docs\` from app/resources/table.ts and scripts/access-patterns/. A test fails when it is stale. -->

What each way to the table costs, measured on the embedded engine, beside the floor: what no design that
keeps the same promises can do without. Units are of table and indexes together, for items of at most 1 KB;
a message of m KB costs 2(m − 1) write units more. How and why: [data-model.md](../concepts/data-model.md).

## The table

${table(
  ["", "partition key", "sort key", "projection"],
  [
    ["table", `\`${chatTable.partitionKey}\``, `\`${chatTable.sortKey}\``, "—"],
    ...chatTable.indexes.map((index) => [
      `\`${index.name}\``,
      `\`${index.partitionKey}\``,
      `\`${index.sortKey}\``,
      projectionOf(index),
    ]),
  ],
)}

Items whose \`${chatTable.timeToLive}\` has passed are missing for every reader; DynamoDB removes them within days.

## What they cost

${table(
  ["access", "requests", "write units", "floor", "read units", "floor", "ratio"],
  measured.map(({ pattern, requests, writes, reads }) => [
    pattern.name,
    counted(requests),
    String(writes),
    String(pattern.floor.writes),
    String(reads),
    String(pattern.floor.reads),
    ratio({ pattern, requests, writes, reads }),
  ]),
)}

Above the floor, and why:

${above.join("\n")}
`;
}

/** In money, as on-demand units are billed in US East: a write unit is five read units. */
export function ratio({ pattern: { floor }, writes, reads }: Measured): string {
  const price = (units: { writes: number; reads: number }) => units.writes * 5 + units.reads;
  return (price({ writes, reads }) / price(floor)).toFixed(2);
}

function projectionOf({ projection }: IndexDescription): string {
  return projection === "keys-only" ? "keys only" : projection.join(", ");
}

/** `["GetItem", "Query", "Query"]` → `GetItem, 2 Query` */
function counted(requests: readonly string[]): string {
  const groups = Map.groupBy(requests, (request) => request);
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([request, all]) => (all.length === 1 ? request : `${all.length} ${request}`))
    .join(", ");
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
