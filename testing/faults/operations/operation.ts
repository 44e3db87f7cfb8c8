import type { Client } from "../../app/api.ts";
import type { Answer, Process, World } from "../world.ts";

export type { Answer };

/** What a client asks for. Asked again after a failure, it must have happened once. */
export interface Operation {
  /** The contract's `operationId`, or an event; behind a comma what is special. */
  readonly name: string;
  /** Whose request it is; default alice's. `boss` is an administrator. */
  readonly user?: string;
  /** Makes what must be there before, and answers the request. */
  prepare(
    process: Process,
    world: World,
  ): Promise<(client: Client, process: Process) => Promise<Answer>>;
  /** Statuses that say to whoever repeats a request that it was carried out before. */
  readonly repeated?: readonly number[];
  /** False: repeating makes another one, which expires unused or which the client wanted twice. */
  readonly isRepeatable?: boolean;
  /** Whether its answer tells of earlier tries. */
  readonly isTelling?: boolean;
  /** Whether the sweep ends it, or takes it back, when nobody asks again. */
  readonly isSwept?: boolean;
  /** Whether the answer is a stream, whose status is out before anything can fail. */
  readonly isStream?: boolean;
}

export const alice = "alice";
export const conversation = "c1";
export const key = { "idempotency-key": "a-key-of-the-client" };

export const said = (content: string) => ({ role: "user", content });

/** A conversation of alice with so many messages, as they came. */
export async function talk(process: Process, messages: number): Promise<Client> {
  const client = process.as(alice);
  await client.post("/conversations", { id: conversation, title: "Lisbon" });
  for (let index = 1; index <= messages; index++) {
    await client.post(`/conversations/${conversation}/messages`, said(`message ${index}`));
  }
  return client;
}

/** A conversation of alice with a question and its answer. */
export async function chatted(process: Process): Promise<Client> {
  const client = await talk(process, 0);
  await client.post(`/conversations/${conversation}/chat`, { content: "Hello" });
  return client;
}
