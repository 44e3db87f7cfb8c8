import type { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { Call, Interference } from "../aws/wire.ts";

/** What DynamoDB, S3 and the network do, and the embedded engines never. */
export interface Fault {
  /** What the report calls it; faults of one kind take turns at the call sites, unless all are asked for. */
  readonly kind: string;
  readonly name: string;
  /**
   * - `absorbed`: the app or its SDK tries again, and the client notices nothing
   * - `busy`: 503 with `Retry-After`, or absorbed after all
   * - `internal`: 500; repeating may not help
   */
  readonly outcome: "absorbed" | "busy" | "internal";
  /** Default: only the call at which it strikes. `later`: all of that command from there on too. */
  readonly lasts?: "later";
  /** Whether the request may have been carried out though the answer never came. */
  readonly isAmbiguous?: boolean;
  appliesTo(call: Call, request: HttpRequest): boolean;
  readonly strike: Interference;
}

export type Strike = Pick<Fault, "name" | "strike"> & Partial<Fault>;

export const everywhere = () => true;
export const ofDynamoDB = ({ service }: Call) => service === "dynamodb";
export const ofS3 = ({ service }: Call) => service === "s3";
export const command =
  (...names: string[]) =>
  (call: Call) =>
    names.includes(call.command);

/** The same for one attempt, which the SDK makes good, and for every attempt. */
export function onceAndAlways(
  kind: string,
  appliesTo: Fault["appliesTo"],
  strikes: readonly Strike[],
) {
  return strikes.flatMap(({ name, strike, ...rest }): Fault[] => [
    {
      ...rest,
      kind: `${kind}, once`,
      name: `${name}, once`,
      outcome: "absorbed",
      appliesTo,
      strike: (call, request, send) => (call.attempt > 1 ? send() : strike(call, request, send)),
    },
    { outcome: "busy", ...rest, kind, name, appliesTo, strike },
  ]);
}

/** The app tries again, with a call of its own each time; what stays in the way is in the way of each. */
export function inTheWay(
  kind: string,
  appliesTo: Fault["appliesTo"],
  answer: (
    request: HttpRequest,
    call: Call,
    send: Parameters<Interference>[2],
  ) => Promise<HttpResponse> | HttpResponse,
): Fault[] {
  const strike: Interference = async (call, request, send) => answer(request, call, send);
  const once: Interference = (call, request, send) =>
    call.attempt > 1 ? send() : strike(call, request, send);
  return [
    { kind: `${kind}, once`, name: `${kind}, once`, outcome: "absorbed", appliesTo, strike: once },
    { kind, name: kind, outcome: "busy", lasts: "later", appliesTo, strike },
  ];
}
