import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

interface Capacity {
  CapacityUnits?: number;
  Table?: { CapacityUnits?: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
}

/** What a client's requests were and what the engine charged for them, per table and index. */
export class Meter {
  readonly requests: string[] = [];
  readonly #writes = new Map<string, number>();
  readonly #reads = new Map<string, number>();

  constructor(client: Pick<DynamoDBDocumentClient, "middlewareStack">) {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: "INDEXES" });
        const command = (context.commandName ?? "").replace(/Command$/, "");
        this.requests.push(command);
        const result = await next(args);
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: Capacity | Capacity[] };
        const into = /Get|Query|Scan/.test(command) ? this.#reads : this.#writes;
        for (const capacity of [ConsumedCapacity ?? []].flat()) count(into, capacity);
        return result;
      },
      { step: "initialize", name: "meter" },
    );
  }

  /** Units since the last call, and the requests that they were for. */
  take() {
    const taken = {
      requests: this.requests.splice(0),
      writes: Object.fromEntries(this.#writes),
      reads: Object.fromEntries(this.#reads),
    };
    this.#writes.clear();
    this.#reads.clear();
    return taken;
  }
}

function count(into: Map<string, number>, capacity: Capacity): void {
  const add = (name: string, units = 0) => {
    if (units > 0) into.set(name, (into.get(name) ?? 0) + units);
  };
  const indexes = Object.entries(capacity.GlobalSecondaryIndexes ?? {});
  const ofIndexes = indexes.reduce((sum, [, { CapacityUnits = 0 }]) => sum + CapacityUnits, 0);
  add("table", capacity.Table?.CapacityUnits ?? (capacity.CapacityUnits ?? 0) - ofIndexes);
  for (const [name, { CapacityUnits }] of indexes) add(name, CapacityUnits);
}
