import { EventStreamCodec } from "@smithy/core/event-streams";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** A frame as Bedrock sends it (Smithy specification, "Amazon Event Stream"). */
export function frame(
  type: string,
  payload: object,
  kind: "event" | "exception" = "event",
): Uint8Array {
  const header = (value: string) => ({ type: "string" as const, value });
  return codec.encode({
    headers: {
      ":message-type": header(kind),
      [`:${kind}-type`]: header(type),
      ":content-type": header("application/json"),
    },
    body: fromUtf8(JSON.stringify(payload, bytesInBase64)),
  });
}

const bytesInBase64 = (_: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
