import type { HttpRequest } from "@smithy/core/protocols";
import type { Call, Interference } from "../aws/wire.ts";
import { type Contents, comparable, withoutChance } from "./contents.ts";
import type { Fault } from "./fault.ts";
import type { Answer, Operation } from "./operations/operation.ts";
import { type Engines, type History, type Process, World } from "./world.ts";

/** One call of an operation, as an undisturbed run made it. */
export interface Site {
  readonly call: Call;
  readonly request: HttpRequest;
}

/** An operation that nothing disturbed: where it calls, what it answers and what it leaves. */
export interface Undisturbed {
  readonly before: Contents;
  readonly sites: readonly Site[];
  readonly answer: string;
  readonly contents: Contents;
}

interface Stage {
  setUp(): Promise<World>;
  tearDown(world: World): Promise<void>;
}

/** An operation on its stage, again and again. */
export interface Rehearsed extends Undisturbed, Stage {
  /** Sends the operation's request to a process. */
  ask(process: Process): Promise<Answer>;
  /** What it leaves a day later, swept. */
  settled(): Promise<Contents>;
}

/** Prepares the operation once, beside another user, whom nothing concerns, and lets it run once. */
export async function rehearse(
  engines: Engines,
  history: History,
  operation: Operation,
): Promise<Rehearsed> {
  const first = await World.create(engines, history);
  const bob = first.healthy.as("bob");
  await bob.post("/conversations", { id: "c1", title: "Bob's" });
  await bob.post("/conversations/c1/messages", { role: "user", content: "Bob's" });
  const request = await operation.prepare(first.healthy, first);
  const taken = await first.taken();
  await first.end();
  const copy = () => World.copy(engines, history, taken);
  const { user = "alice" } = operation;
  const ask = (process: Process) => request(process.as(user), process);
  const second = await copy();
  const undisturbed = await runUndisturbed(second, ask);
  const isReading = undisturbed.sites.every(({ call }) =>
    /^(Get|Query|Head|List)/.test(call.command),
  );
  // Who only reads leaves the stage as it was.
  const stage: Stage = isReading
    ? { setUp: async () => second, tearDown: async () => {} }
    : { setUp: copy, tearDown: (world) => world.end() };
  let settled: Promise<Contents> | undefined;
  return {
    ...stage,
    ask,
    ...undisturbed,
    settled: () => {
      settled ??= runSettled(stage, ask);
      return settled;
    },
  };
}

async function runSettled(stage: Stage, ask: Rehearsed["ask"]): Promise<Contents> {
  const world = await stage.setUp();
  await ask(world.healthy);
  await world.sweep();
  const contents = await world.contents();
  await stage.tearDown(world);
  return contents;
}

async function runUndisturbed(world: World, ask: Rehearsed["ask"]): Promise<Undisturbed> {
  const before = await world.contents();
  const process = world.process();
  const sites: Site[] = [];
  const record: Interference = (call, request, send) => {
    // A busy machine may make the SDK try again.
    if (call.attempt === 1) sites.push({ call, request });
    return send();
  };
  const answer = await process.wire.run(record, () => ask(process)).result;
  process.end();
  if (answer.status >= 300) {
    throw new Error(`fails undisturbed: ${answer.status} ${answer.text}`);
  }
  return { before, sites, answer: comparableAnswer(answer), contents: await world.contents() };
}

/** Without times, versions and random ids. */
export function comparableAnswer({ text }: Answer): string {
  const lines = text.split("\n").map((line) => {
    const [, before = "", json = ""] = /^(data: )?([{[].*)$/.exec(line) ?? [];
    return json === "" ? line : before + comparable(JSON.parse(json));
  });
  return whole(withoutChance(lines.filter((line) => !line.startsWith("id: ")).join("\n")));
}

/** How a stream cuts an answer into pieces is chance. */
const whole = (text: string): string =>
  text.replaceAll(/(?:event: delta\ndata: (?:.+)\n\n)+/g, (deltas) => {
    const texts = [...deltas.matchAll(/data: (.+)/g)].map(([, json = ""]) => JSON.parse(json).text);
    return `event: delta\ndata: ${texts.join("")}\n\n`;
  });

/** The fault at that call: at the first attempt or all, at this call only or at later ones too. */
export function strikeAt({ call: site }: Site, fault: Fault): Interference {
  return (call, request, send) => {
    const isHere = call.nth === site.nth || (fault.lasts === "later" && call.nth > site.nth);
    const isHit = isHere && call.command === site.command && fault.appliesTo(call, request);
    return isHit ? fault.strike(call, request, send) : send();
  };
}
