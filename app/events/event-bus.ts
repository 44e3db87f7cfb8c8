import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EventBridgeClient, PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { connectionOptions } from "../lambda/aws-connections.ts";
import { failureEntry, type Log } from "../lambda/log.ts";
import { noteFailures } from "../logging/aws-calls.ts";
import { type ChatEvent, eventSource } from "./events.ts";

/** Sends one entry. Fails where the bus did not take it. */
export type PutEvent = (entry: PutEventsRequestEntry, signal: AbortSignal) => Promise<void>;

export interface EventBusOptions {
  readonly tenant: string;
  /** Name or ARN. */
  readonly busName: string;
  readonly log: Log;
  /** Default: Amazon EventBridge, loaded with the first event. */
  readonly put?: PutEvent;
}

/** Milliseconds that sending an event may take, its repeats included. */
export const sendMilliseconds = 2_000;

/** The bus did not take the event. */
export class EventRefused extends Error {
  override readonly name = "EventRefused";
}

/**
 * The tenant's event bus. What is told is sent at once and beside the answer, which does not wait for it; `ended`
 * waits for what is still being sent, before Lambda stops the process. An event that could not be sent is logged.
 */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #put: PutEvent;
  readonly #sending = new Set<Promise<void>>();

  constructor(options: EventBusOptions) {
    this.#options = options;
    this.#put = options.put ?? putOnEventBridge();
  }

  tell(event: ChatEvent): void {
    const sending = this.send(event)
      .catch((error: unknown) => this.#lost(event, error))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** @throws Error where the bus did not take it in time; the event is not sent again. */
  async send({ type, detail }: ChatEvent): Promise<void> {
    const { tenant, busName } = this.#options;
    const { at, ...what } = detail;
    const id = createHash("sha256")
      .update(JSON.stringify([type, tenant, what]))
      .digest("hex");
    const entry = {
      EventBusName: busName,
      Source: eventSource,
      DetailType: type,
      Time: new Date(at),
      Detail: JSON.stringify({ id: id.slice(0, 32), tenant, ...what, at }),
    };
    await this.#put(entry, AbortSignal.timeout(sendMilliseconds));
  }

  /** Resolves when nothing is being sent any more, `sendMilliseconds` after the last event at most. */
  async ended(): Promise<void> {
    await Promise.all(this.#sending);
  }

  #lost({ type }: ChatEvent, error: unknown): void {
    const { tenant, log } = this.#options;
    log(failureEntry(error, { tenant, event: type }));
  }
}

const tries = 3;
const waitMilliseconds = 100;

function putOnEventBridge(): PutEvent {
  let client: Promise<EventBridgeClient> | undefined;
  return async (entry, signal) => {
    const { PutEventsCommand } = await import("@aws-sdk/client-eventbridge");
    client ??= openClient();
    const opened = await client;
    for (let attempt = 1; ; attempt++) {
      const { Entries = [] } = await opened.send(new PutEventsCommand({ Entries: [entry] }), {
        abortSignal: signal,
      });
      // The SDK repeats failed requests, and no entry that failed in one that did not
      // (Amazon EventBridge User Guide, "Sending events with PutEvents").
      const code = Entries[0]?.ErrorCode;
      if (code === undefined) return;
      const isPassing = code === "ThrottlingException" || code === "InternalFailure";
      if (!isPassing || attempt === tries) throw new EventRefused(code);
      await sleep(waitMilliseconds * attempt, undefined, { signal });
    }
  };
}

async function openClient(): Promise<EventBridgeClient> {
  const [{ EventBridgeClient }, { NodeHttpHandler }] = await Promise.all([
    import("@aws-sdk/client-eventbridge"),
    import("@smithy/node-http-handler"),
  ]);
  const client = new EventBridgeClient({
    maxAttempts: tries,
    requestHandler: new NodeHttpHandler(connectionOptions({ answer: 1_500, silence: 1_500 })),
  });
  noteFailures(client.middlewareStack);
  return client;
}
