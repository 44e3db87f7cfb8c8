/** `docs/scale/reliability.md`, written from what `npm run test:faults`, `bench:soak` and `bench:memory` measured. */

import type { CrashesOf, FaultsOf, Outcomes } from "../../testing/faults/report.ts";
import type { Soak } from "../../testing/load/soak.ts";
import type { Peaks } from "../../testing/memory/peak.ts";

export interface Measured {
  readonly faults: readonly FaultsOf[];
  readonly crashes: readonly CrashesOf[];
  readonly soak: Soak | undefined;
  readonly memory: Peaks | undefined;
  /** When, on what: one line each. */
  readonly circumstances: readonly string[];
}

export function reliabilityDocument({
  faults,
  crashes,
  soak,
  memory,
  circumstances,
}: Measured): string {
  const calls = sum(faults.map((each) => each.calls));
  const tried = sum(faults.flatMap(({ byKind }) => Object.values(byKind).map(total)));
  const died = sum(crashes.map((each) => each.crashes));
  return `# What happens when AWS fails

<!-- Written by \`npm run reliability\`. A test fails when an operation is missing. -->

A test ran each operation of the API once, and recorded every call that the app makes to DynamoDB and S3: ${calls} call
sites in ${faults.length} operations. Then it made the calls at each call site fail in the ways of AWS and of networks, which
the embedded engines never do by themselves: ${tried} faults in all. For each operation that writes, it also ended the
process after each of its requests to AWS: ${died} crashes. Each fault and each crash had a tenant of its own, which also held
data of another user.

## What is guaranteed

- The app carries out a request as a whole or refuses it as a whole. When AWS is busy or cannot be reached, the answer is
  503 with \`Retry-After\`. The answer is 500 only for errors that remain when the request is repeated.
- A request that is repeated with the same \`Idempotency-Key\` is carried out once: table and bucket then hold
  exactly what one undisturbed run leaves. A request without a key is carried out as a whole or not at all.
- What a request has written is there once the request was answered with success.
- A conversation is complete at all times: its messages have the numbers from 1 to its count without gaps, no message
  is without its conversation, no record names a message that is missing, and nothing points to a missing object.
- What a dead process left unfinished is finished by the repeated request, or by the maintenance (or by
  \`POST /admin/sweep\`). Data of other users is not touched. The API reports an answer that a dead process was making as
  under way for a minute at most.

These are not guaranteed:

- The count of tokens: it is not written in one transaction with the turn, so a fault may lose the count of one turn or
  count it twice.
- A one-time token, if the answer to its redemption is lost: the token is used up.
- The end of an export or a stream that has begun: after a fault its last line is missing.
- An upload that the client never completes: it is deleted after a day.

## Operations

The columns count the answers of the API. An "unnoticed" fault did not reach the client: the SDK or the app tried again,
or the call was not needed. "Broken off" is a stream that ended early. Only expired credentials lead to 500. The number in
brackets counts repeated requests that were answered as already done, such as a 404 for what is deleted.

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

At each call site \`npm run test:faults\` tries throttling, lost answers, and a fifth of the other kinds in turn; \`npm test\` a third
of that.
\`CHATSTACK_FAULTS=full npm run test:faults\` tries every kind at every call site.
${soak === undefined ? "" : soakSection(soak)}${memory === undefined ? "" : memorySection(memory)}
## How to repeat it

\`\`\`console
npm run reliability    # the faults, ten minutes of load, the memory of each operation, and this document
\`\`\`

${circumstances.map((line) => `- ${line}`).join("\n")}
`;
}

function soakSection({
  seconds,
  users,
  operations,
  failures,
  memory,
  heap,
  verified,
}: Soak): string {
  const failed = Object.entries(failures).map(([name, count]) => `${name}: ${count}`);
  return `
## Under load

${users} users of two tenants used \`chatstack start\` on loopback for ${seconds} seconds, from a client in a process of its own. Each
user read, wrote from two devices, chatted, read answers slowly, disconnected during answers, and deleted.

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

The times depend on this machine and its disk, because the embedded DynamoDB writes its commits to the disk one after the
other.

- ${failed.length === 0 ? "No request failed." : `Failed: ${failed.join(", ")}.`}
- Of ${verified.acknowledged} acknowledged messages in ${verified.conversations} conversations ${verified.lost.length} were lost and ${verified.twice.length} came twice;
  ${verified.found} were found through the API, ${verified.foundInTables} in the tables, with ${verified.violations.length} violations of the rules above.
- Heap of all threads of gateway and functions, after a collection of garbage in each: median ${heap.secondQuarter} MB in the second
  quarter, ${heap.lastQuarter} MB in the last, ${heap.slope} MB a minute over the second half.
- Resident memory of the same process: median ${memory.secondQuarter} MB in the second quarter, ${memory.lastQuarter} MB in the
  last, ${memory.slope} MB a minute over the second half, ${memory.peak} MB at most.
`;
}

function memorySection({ configured, peaks }: Peaks): string {
  const most = Math.max(...peaks.map(({ megabytes }) => megabytes));
  return `
## Memory

Each operation was run with the worst content that the limits allow, one after the other in one process of the function's
bundle. The heap of the process was limited as Lambda's runtime limits it for ${configured} MB, the size of the smallest tier. The table
has the resident memory in MB, including the process that reads a PDF: ${Math.ceil(most)} at most. If an operation was run with several
contents or several times, its row shows the largest result.

${table(
  ["operation", "history in", "content", "answer, KB", "MB at most"],
  [...Map.groupBy(peaks, ({ history, operation }) => `${history} ${operation}`).values()].map(
    (rows) => {
      const worst = rows.reduce((one, other) => (other.megabytes > one.megabytes ? other : one));
      const { operation, history, content } = worst;
      const kilobytes = Math.ceil(Math.max(...rows.map(({ bytes }) => bytes)) / 1024);
      return [operation, history, content, kilobytes, Math.ceil(worst.megabytes)];
    },
  ),
)}
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
