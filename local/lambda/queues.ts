/** Plays SQS, and Lambda's polling of it, for the queues that invoke a function. */
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { startFauxqs } from "fauxqs";
import { z } from "zod";
import type { ResourceRecord } from "../../offline/record.ts";
import { functionOf, recordsOf } from "../records.ts";

const mappingSchema = z.object({
  eventSourceArn: z.string(),
  functionName: z.string(),
  enabled: z.boolean().default(true),
  batchSize: z.number().default(10),
});

const queueSchema = z.object({
  visibilityTimeoutSeconds: z.number().optional(),
  redrivePolicy: z.string().optional(),
});

export interface Queues {
  /** Of SQS; absent where no queue invokes a function. */
  readonly endpoint: string | undefined;
  /** A text in which AWS's addresses of the queues are those on this machine. */
  addressed(text: string): string;
  stop(): Promise<void>;
}

const nameOf = (arnOrUrl: string) => arnOrUrl.split(/[:/]/).at(-1) ?? "";
const mappingsOf = (records: readonly ResourceRecord[]) =>
  recordsOf(records, "aws:lambda/eventSourceMapping:EventSourceMapping", mappingSchema).filter(
    ({ inputs }) => inputs.eventSourceArn.includes(":sqs:"),
  );

/** Starts the queues of the records, in memory: what waits in them is gone with the process. */
export async function startQueues(
  records: readonly ResourceRecord[],
  region: string,
): Promise<Queues> {
  if (mappingsOf(records).length === 0) {
    return { endpoint: undefined, addressed: (text) => text, stop: async () => {} };
  }
  const sqs = await startFauxqs({
    ...{ port: 0, host: "127.0.0.1", logger: false },
    defaultRegion: region,
  });
  const endpoint = `http://127.0.0.1:${sqs.port}`;
  const found = recordsOf(records, "aws:sqs/queue:Queue", queueSchema);
  const arns = new Map<string, string>();
  const addresses = new Map<string, string>();
  const make = ({ record, inputs }: (typeof found)[number]) => {
    const attributes = {
      ...(inputs.visibilityTimeoutSeconds !== undefined && {
        VisibilityTimeout: String(inputs.visibilityTimeoutSeconds),
      }),
      ...(inputs.redrivePolicy !== undefined && {
        RedrivePolicy: redriven(inputs.redrivePolicy, arns),
      }),
    };
    const name = String(record.outputs.name);
    const made = sqs.createQueue(name, { region, attributes });
    arns.set(String(record.outputs.arn), made.queueArn);
    // Its own address has a host that no URL may have.
    const address = made.queueUrl.replace(/^http:\/\/[^/]+/, endpoint);
    addresses.set(String(record.outputs.url), address);
  };
  // Dead letters first: the others name them.
  for (const one of found.filter(({ inputs }) => inputs.redrivePolicy === undefined)) make(one);
  for (const one of found.filter(({ inputs }) => inputs.redrivePolicy !== undefined)) make(one);
  return {
    endpoint,
    addressed: (text) =>
      addresses.entries().reduce((all, [from, to]) => all.replaceAll(from, to), text),
    stop: () => sqs.stop(),
  };
}

function redriven(policy: string, arns: ReadonlyMap<string, string>): string {
  const parsed = z.looseObject({ deadLetterTargetArn: z.string() }).parse(JSON.parse(policy));
  const { deadLetterTargetArn: arn } = parsed;
  return JSON.stringify({ ...parsed, deadLetterTargetArn: arns.get(arn) ?? arn });
}

const messagesSchema = z.object({
  Messages: z
    .array(
      z.object({
        MessageId: z.string(),
        ReceiptHandle: z.string(),
        Body: z.string(),
        Attributes: z.record(z.string(), z.string()).default({}),
        MessageAttributes: z
          .record(
            z.string(),
            z.object({ StringValue: z.string().optional(), DataType: z.string() }),
          )
          .default({}),
      }),
    )
    .default([]),
});

const answerSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]),
});

export interface PumpOptions {
  readonly queues: Queues;
  readonly invoke: (urn: string, event: object) => Readable;
  /** Told of each batch whose invocation failed. */
  readonly onFailure: (queue: string, error: unknown) => void;
}

export interface Pumps {
  /** What is handed to which handler. */
  readonly described: readonly string[];
  /** What a function is handling ends with the function. */
  stop(): void;
}

/**
 * Invokes functions with what waits in their queues, ten messages at most. What succeeded is deleted; what failed comes
 * again when its visibility time-out ends, as on AWS.
 */
export function pumpQueues(
  records: readonly ResourceRecord[],
  { queues, invoke, onFailure }: PumpOptions,
): Pumps {
  const stopping = new AbortController();
  const { signal } = stopping;
  const mappings = mappingsOf(records).filter(({ inputs }) => inputs.enabled);
  const pump = async ({ record, inputs }: (typeof mappings)[number]) => {
    const urn = functionOf(records, inputs.functionName);
    const queue = records.find(({ outputs }) => outputs.arn === inputs.eventSourceArn);
    const QueueUrl = queues.addressed(String(queue?.outputs.url));
    const call = async (action: string, body: object): Promise<unknown> => {
      const response = await fetch(queues.endpoint ?? "", {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `AmazonSQS.${action}`,
        },
        body: JSON.stringify({ QueueUrl, ...body }),
        signal,
      });
      if (!response.ok) throw new Error(`${action}: ${response.status}`);
      return response.json();
    };
    while (!signal.aborted) {
      try {
        const { Messages } = messagesSchema.parse(
          await call("ReceiveMessage", {
            MaxNumberOfMessages: Math.min(10, inputs.batchSize),
            WaitTimeSeconds: 20,
            AttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
        );
        if (Messages.length === 0) continue;
        const event = { Records: Messages.map((one) => recordOf(one, inputs.eventSourceArn)) };
        const text = String(await buffer(invoke(urn, event)));
        const { batchItemFailures } = answerSchema.parse(JSON.parse(text));
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const { MessageId, ReceiptHandle } of Messages) {
          if (!failed.has(MessageId)) await call("DeleteMessage", { ReceiptHandle });
        }
        if (failed.size > 0) onFailure(record.name, new Error(`${failed.size} messages failed`));
      } catch (error) {
        if (!signal.aborted) onFailure(record.name, error);
      }
    }
  };
  for (const mapping of mappings) void pump(mapping);
  return {
    described: mappings.map(
      ({ record, inputs }) => `messages of ${nameOf(inputs.eventSourceArn)} go to ${record.name}`,
    ),
    stop: () => stopping.abort(),
  };
}

type Message = z.output<typeof messagesSchema>["Messages"][number];

/** As Lambda hands it over (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
const recordOf = (
  { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes }: Message,
  eventSourceARN: string,
) => ({
  messageId: MessageId,
  receiptHandle: ReceiptHandle,
  body: Body,
  attributes: Attributes,
  messageAttributes: Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) => [
      name,
      { stringValue: StringValue, dataType: DataType },
    ]),
  ),
  eventSource: "aws:sqs",
  eventSourceARN,
});
