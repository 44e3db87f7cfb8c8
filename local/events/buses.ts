/**
 * `local/events/`: Amazon EventBridge on this machine: it takes the events that a function's role may put, refuses what
 * AWS refuses, and writes them down in the place of rules that would carry them on.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import * as z from "zod";
import type { ResourceRecord } from "../../offline/record.ts";
import type { Engine } from "../engine.ts";
import { refusalOf } from "../iam/principals.ts";
import type { FunctionRole } from "../iam/roles.ts";

export interface BusesOptions {
  /** ARNs of the buses by their names. */
  readonly buses: ReadonlyMap<string, string>;
  readonly role: FunctionRole;
  readonly region: string;
  readonly account: string;
  /** Told of each event that was taken, as a rule's target would get it. */
  readonly onEvent: (busName: string, event: Readonly<Record<string, unknown>>) => void;
}

export const busesOf = (records: readonly ResourceRecord[]): ReadonlyMap<string, string> =>
  new Map(
    records
      .filter(({ type }) => type === "aws:cloudwatch/eventBus:EventBus")
      .map(({ outputs }) => [String(outputs.name), String(outputs.arn)]),
  );

const entrySchema = z.looseObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default("default"),
  Resources: z.array(z.string()).default([]),
  /** Epoch seconds. */
  Time: z.number().optional(),
});
type Entry = z.infer<typeof entrySchema>;

const mostEntries = 10;
const requestSchema = z.object({ Entries: z.array(entrySchema).min(1).max(mostEntries) });

/**
 * Bytes of a request's entries: 256 KB until 2026, 1 MB since (AWS Compute Blog, "More room to build: serverless
 * services now support payloads up to 1 MB", 2026-01-29).
 */
const mostBytes = 1024 * 1024;

/** EventBridge of one function's own, and of `PutEvents` alone. */
export async function startBuses(options: BusesOptions): Promise<Engine> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  options: BusesOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = (status: number, body: object) => {
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": randomUUID(),
    });
    response.end(JSON.stringify(body));
  };
  const refuse = (__type: string, message: string) => reply(400, { __type, message });
  const asked: unknown = await json(request);
  const target = request.headers["x-amz-target"];
  if (target !== "AWSEvents.PutEvents") {
    return refuse("UnknownOperationException", `only PutEvents is embedded, not ${target}`);
  }
  const parsed = requestSchema.safeParse(asked);
  if (!parsed.success) {
    const found = parsed.error.issues[0];
    return refuse("ValidationException", `${found?.path.join(".")}: ${found?.message}`);
  }
  const { Entries } = parsed.data;
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > mostBytes) {
    return refuse(
      "ValidationException",
      "Total size of the entries in the request is over the limit.",
    );
  }
  const { role, buses, account, region } = options;
  const arns = Entries.map(({ EventBusName: name }) => {
    if (name.startsWith("arn:")) return name;
    return buses.get(name) ?? `arn:aws:events:${region}:${account}:event-bus/${name}`;
  });
  const Message = refusalOf(
    role,
    arns.map((resource) => ({ action: "events:PutEvents", resource, context: {} })),
  );
  if (Message !== undefined) return refuse("AccessDeniedException", Message);
  const taken = Entries.map((entry, index) => take(options, entry, arns[index] ?? ""));
  reply(200, {
    Entries: taken,
    FailedEntryCount: taken.filter((entry) => "ErrorCode" in entry).length,
  });
}

/** API reference, PutEventsResultEntry: one entry that is refused does not stop the others. */
function take({ onEvent, account, region, buses }: BusesOptions, entry: Entry, arn: string) {
  const bus = [...buses].find(([, known]) => known === arn);
  if (bus === undefined) return refused("ResourceNotFoundException", `${arn} does not exist.`);
  const { Source, DetailType, Detail } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (value) continue;
    const reason = `Reason: ${name} is a required argument.`;
    return refused("InvalidArgument", `Parameter ${name} is not valid. ${reason}`);
  }
  if (Source?.startsWith("aws.")) {
    return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  const detail = objectOf(Detail ?? "");
  if (detail === undefined) return refused("MalformedDetail", "Detail is malformed.");
  const id = randomUUID();
  const time = entry.Time === undefined ? new Date() : new Date(entry.Time * 1000);
  onEvent(bus[0], {
    version: "0",
    id,
    "detail-type": DetailType,
    source: Source,
    account,
    time: time.toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: entry.Resources,
    detail,
  });
  return { EventId: id };
}

const refused = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** EventBridge User Guide, "Calculating PutEvents event entry size". */
function sizeOf({ Source = "", DetailType = "", Detail = "", Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}
