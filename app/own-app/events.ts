import { untilAborted } from "../http/deadline.ts";
import type { InvocationContext } from "../lambda/event.ts";
import { failureEntry, logToStdout } from "../lambda/log.ts";
import { queuesVariable, readQueues } from "../resources/events.ts";

/** What an app does beside answering requests, by the names that the program gives to queues and schedules. */
export interface EventHandlers {
  readonly queues?: Readonly<Record<string, QueueHandler>>;
  readonly schedules?: Readonly<Record<string, ScheduleHandler>>;
}

/**
 * Called with each message, more than once where it failed, or where SQS delivers it twice: what it does must bear
 * that. A message whose handler throws, or is not done when the function's time ends, is delivered again, and goes to
 * the dead letters after `deliveries`; the others of its batch do not.
 */
export type QueueHandler = (message: QueueMessage, context: EventContext) => unknown;

/** Called when a run is due, and again where it throws: Lambda repeats it twice. */
export type ScheduleHandler = (run: ScheduledRun, context: EventContext) => unknown;

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** 1 for the first delivery. */
  readonly delivery: number;
  readonly sentAt: Date;
  /** Values of the message's attributes that are texts or numbers. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ScheduledRun {
  /** When the run was due. It may begin later, by the schedule's window. */
  readonly at: Date;
}

export interface EventContext {
  readonly tenant: string;
  /** Aborts two seconds before the function's time ends. */
  readonly signal: AbortSignal;
}

/** Where a queue of the app is, for whoever sends to it. @throws Error for a name that the program does not have. */
export function queueUrl(name: string): string {
  const url = readQueues(process.env[queuesVariable]).get(name);
  if (url === undefined) throw new Error(`queueUrl: the program has no queue ${name}`);
  return url;
}

/** As SQS hands it over (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly eventSourceARN: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
  };
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string }>>;
}

/** The response to an event of a queue or a schedule, or undefined for any other event. */
export function answerTo(
  event: unknown,
  handlers: EventHandlers,
  context: InvocationContext | undefined,
): Promise<object> | undefined {
  if (isScheduleEvent(event)) return runSchedule(event, handlers, context);
  if (isQueueEvent(event)) return takeBatch(event.Records, handlers, context);
  return undefined;
}

interface ScheduleEvent {
  readonly schedule: string;
  readonly at: string;
}

/** API Gateway wraps whatever a client sends into an event with `httpMethod` and `requestContext`. */
const isRequest = (event: object) => "httpMethod" in event || "requestContext" in event;

function isScheduleEvent(event: unknown): event is ScheduleEvent {
  if (typeof event !== "object" || event === null || isRequest(event)) return false;
  const isOurs = "chatstack" in event && event.chatstack === "schedule";
  return isOurs && "schedule" in event && typeof event.schedule === "string" && "at" in event;
}

function isQueueEvent(event: unknown): event is { readonly Records: readonly SqsRecord[] } {
  if (typeof event !== "object" || event === null || isRequest(event)) return false;
  if (!("Records" in event) || !Array.isArray(event.Records)) return false;
  const [first]: unknown[] = event.Records;
  const isRecord = typeof first === "object" && first !== null && "eventSource" in first;
  return isRecord && first.eventSource === "aws:sqs";
}

const tenant = () => process.env.TENANT ?? "";

async function runSchedule(
  { schedule, at }: ScheduleEvent,
  { schedules = {} }: EventHandlers,
  context: InvocationContext | undefined,
): Promise<object> {
  const handler = Object.hasOwn(schedules, schedule) ? schedules[schedule] : undefined;
  if (handler === undefined) throw new Error(`the app has no handler of the schedule ${schedule}`);
  const { signal, stop } = endingWith(context);
  try {
    await untilAborted(signal, () => handler({ at: new Date(at) }, { tenant: tenant(), signal }));
    return { schedule };
  } catch (error) {
    // The runtime logs what is thrown by its message, which may quote what was being read.
    logToStdout(failureEntry(error, { tenant: tenant(), schedule }));
    throw new Error(`the schedule ${schedule} failed`);
  } finally {
    stop();
  }
}

/** Messages that are handled at the same time. */
const atOnce = 10;

async function takeBatch(
  records: readonly SqsRecord[],
  { queues = {} }: EventHandlers,
  context: InvocationContext | undefined,
): Promise<object> {
  const urls = readQueues(process.env[queuesVariable]);
  const nameOf = (arn: string) =>
    urls.entries().find(([, url]) => url.split("/").at(-1) === arn.split(":").at(-1))?.[0] ?? "";
  const { signal, stop } = endingWith(context);
  const failed: string[] = [];
  const waiting = [...records];
  const take = async () => {
    for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) {
      const queue = nameOf(record.eventSourceARN);
      const handler = Object.hasOwn(queues, queue) ? queues[queue] : undefined;
      try {
        if (handler === undefined) throw new MissingHandler();
        await untilAborted(signal, () => handler(messageOf(record), { tenant: tenant(), signal }));
      } catch (error) {
        failed.push(record.messageId);
        const { ApproximateReceiveCount: delivery } = record.attributes;
        logToStdout(failureEntry(error, { tenant: tenant(), queue, delivery }));
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, take));
  } finally {
    stop();
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

class MissingHandler extends Error {
  override readonly name = "MissingHandler";
}

const messageOf = ({
  messageId,
  body,
  attributes,
  messageAttributes = {},
}: SqsRecord): QueueMessage => ({
  id: messageId,
  body,
  delivery: Number(attributes.ApproximateReceiveCount),
  sentAt: new Date(Number(attributes.SentTimestamp)),
  attributes: Object.fromEntries(
    Object.entries(messageAttributes).flatMap(([name, { stringValue }]) =>
      stringValue === undefined ? [] : [[name, stringValue]],
    ),
  ),
});

const reserveMs = 2_000;

/** Without a context nobody ends the function. */
function endingWith(context: InvocationContext | undefined) {
  const controller = new AbortController();
  const timer =
    context &&
    setTimeout(
      () => controller.abort(),
      Math.max(0, context.getRemainingTimeInMillis() - reserveMs),
    );
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
