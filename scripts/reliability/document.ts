/** `docs/reliability.md`, written from what `npm run test:faults` and `npm run bench:soak` measured. */

import type { CrashesOf, FaultsOf, Outcomes } from "../../testing/faults/report.ts";
import type { Soak } from "../../testing/load/soak.ts";

export interface Measured {
  readonly faults: readonly FaultsOf[];
  readonly crashes: readonly CrashesOf[];
  readonly soak: Soak | undefined;
  /** When, on what: one line each. */
  readonly circumstances: readonly string[];
}

export function reliabilityDocument({ faults, crashes, soak, circumstances }: Measured): string {
  const calls = sum(faults.map((each) => each.calls));
  const tried = sum(faults.flatMap(({ byKind }) => Object.values(byKind).map(total)));
  const died = sum(crashes.map((each) => each.crashes));
  return `# What happens when AWS fails

<!-- Written by \`npm run reliability\`. A test fails when an operation is missing. -->

Every call that the app makes to DynamoDB and S3 was found by running each operation of the API once: ${calls} call
sites in ${faults.length} operations. At each of them the calls were made to fail as AWS and networks do, and
as the embedded engines never do: ${tried} faults in all. And behind each request of an operation that
writes, its process was made to die: ${died} crashes. Each had a tenant of its own, beside another user's data.

## What is guaranteed

- A request is carried out, or refused as a whole. A busy or unreachable AWS is 503 with \`Retry-After\`; 500 is
  left for what repeating does not help.
- Asked again with the same \`Idempotency-Key\`, the request is carried out once: table and bucket then hold
  exactly what one undisturbed run leaves. Without a key it happened or it did not, and never by half.
- What was answered with success is there.
- At no time is a conversation half there: its messages are dense from 1 to its count, no message is without
  its conversation, no record remembers a message that is missing, and nothing points to an object that is gone.
- What a dead process left is ended by whoever asks again, or by the maintenance (and by \`POST /admin/sweep\`), and nothing
  of anybody else's is touched.

What is not: tokens are counted beside a turn, so that a fault may lose the count of one turn or count it
twice. A one-time token whose redemption was answered into the void is spent. An export or a stream
that has begun ends without its last line. An upload of which nobody says that it is complete is dropped after a day.

## Operations

Noticed by nobody: the SDK or the app tried again, or the call was not needed. 500 comes of expired credentials
alone. In brackets: the repeated request was answered as done before, such as a 404 for what is deleted.

${table(
  [
    "operation",
    "history in",
    "call sites",
    "faults",
    "unnoticed",
    "503",
    "500",
    "broken off",
    "crashes",
  ],
  faults.map(({ history, operation, calls, byKind }) => {
    const all = merged(Object.values(byKind));
    const dead = crashes.find((each) => each.history === history && each.operation === operation);
    return [operation, history, calls, total(all), ...cellsOf(all), dead?.crashes ?? 0];
  }),
)}

## Faults

${table(
  ["fault", "times", "unnoticed", "503", "500", "broken off"],
  kindsOf(faults).map(([kind, outcomes]) => [kind, total(outcomes), ...cellsOf(outcomes)]),
)}

At each site \`npm test\` tries throttling, lost answers and a fifth of the other kinds in turn;
\`CHATSTACK_FAULTS=full npm run test:faults\` tries everything everywhere.
${soak === undefined ? "" : soakSection(soak)}
## How to repeat it

\`\`\`console
npm run reliability    # the faults, ten minutes of load, and this document
\`\`\`

${circumstances.map((line) => `- ${line}`).join("\n")}
`;
}

function soakSection({ seconds, users, operations, failures, memory, verified }: Soak): string {
  const failed = Object.entries(failures).map(([name, count]) => `${name}: ${count}`);
  return `
## Under load

${users} users of two tenants, each reading, writing from two devices, chatting, reading answers slowly, leaving in the
midst of them and deleting, for ${seconds} seconds, on loopback against \`chatstack start\`; the client is a process of its own.

${table(
  ["operation", "requests", "a second", "p50 ms", "p99 ms", "longest ms"],
  operations.map(({ operation, requests, perSecond, p50, p99, longest }) => [
    operation,
    requests,
    perSecond,
    p50,
    p99,
    longest,
  ]),
)}

Times are of this machine and its disk: the embedded DynamoDB writes every commit to it, one behind the other.

- ${failed.length === 0 ? "No request failed." : `Failed: ${failed.join(", ")}.`}
- Of ${verified.acknowledged} acknowledged messages in ${verified.conversations} conversations ${verified.lost.length} were lost and ${verified.twice.length} came twice;
  ${verified.found} were found through the API, ${verified.foundInTables} in the tables, with ${verified.violations.length} violations of the rules above.
- Memory of gateway and functions, one process: median ${memory.secondQuarter} MB in the second quarter, ${memory.lastQuarter} MB in the
  last, ${memory.slope} MB a minute over the second half, ${memory.peak} MB at most.
`;
}

function cellsOf(outcomes: Outcomes): readonly (string | number)[] {
  const { unnoticed = 0, "done before": before = 0, busy = 0, internal = 0 } = outcomes;
  return [
    before > 0 ? `${unnoticed + before} (${before})` : unnoticed,
    busy,
    internal,
    outcomes["broken off"] ?? 0,
  ];
}

function kindsOf(faults: readonly FaultsOf[]): [string, Outcomes][] {
  const all = Map.groupBy(
    faults.flatMap(({ byKind }) => Object.entries(byKind)),
    ([kind]) => kind,
  );
  return [...all]
    .map(([kind, found]): [string, Outcomes] => [kind, merged(found.map(([, each]) => each))])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function merged(outcomes: readonly Outcomes[]): Outcomes {
  const add = (name: keyof Outcomes) => sum(outcomes.map((each) => each[name] ?? 0));
  return {
    unnoticed: add("unnoticed"),
    "done before": add("done before"),
    busy: add("busy"),
    internal: add("internal"),
    "broken off": add("broken off"),
  };
}

function total(outcomes: Outcomes): number {
  return sum(Object.values(outcomes));
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
