/** Units and bytes of what a client sends, whoever's client it is. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Meter } from "../testing/aws/meter.ts";

export interface Traffic {
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Bodies of requests and responses. */
  readonly bytes: number;
}

export class TrafficMeter {
  readonly #meter: Meter;
  #bytes = 0;

  /** Asks the engine for the units of every command, per table and index. */
  constructor(client: Pick<DynamoDBDocumentClient, "middlewareStack">) {
    this.#meter = new Meter(client);
    client.middlewareStack.add(
      (next) => async (args) => {
        this.#bytes += sizeOf(args.request, "body");
        const result = await next(args);
        this.#bytes += Number(headerOf(result.response, "content-length") ?? 0);
        return result;
      },
      { step: "deserialize", priority: "low", name: "bytes" },
    );
  }

  /** Since the last call. */
  take(): Traffic {
    const { requests, writes, reads } = this.#meter.take();
    const bytes = this.#bytes;
    this.#bytes = 0;
    return { requests: requests.length, writeUnits: sum(writes), readUnits: sum(reads), bytes };
  }
}

export function total(one: Traffic, other: Traffic): Traffic {
  return {
    requests: one.requests + other.requests,
    writeUnits: one.writeUnits + other.writeUnits,
    readUnits: one.readUnits + other.readUnits,
    bytes: one.bytes + other.bytes,
  };
}

export const noTraffic: Traffic = { requests: 0, writeUnits: 0, readUnits: 0, bytes: 0 };

const sum = (units: Readonly<Record<string, number>>) =>
  Object.values(units).reduce((total, one) => total + one, 0);

function sizeOf(request: unknown, property: string): number {
  const body: unknown = isObject(request) ? Reflect.get(request, property) : undefined;
  return typeof body === "string" || body instanceof Uint8Array ? Buffer.byteLength(body) : 0;
}

function headerOf(response: unknown, name: string): unknown {
  const headers: unknown = isObject(response) ? Reflect.get(response, "headers") : undefined;
  return isObject(headers) ? Reflect.get(headers, name) : undefined;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
