export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads an event stream as a browser would: fields by name, events between blank lines. */
export function eventsOf(stream: string): ServerSentEvent[] {
  return stream
    .split("\n\n")
    .filter((block) => block !== "" && !block.startsWith(":"))
    .map((block) => {
      const fields = new Map(
        block.split("\n").map((line) => {
          const colon = line.indexOf(": ");
          return [line.slice(0, colon), line.slice(colon + 2)] as const;
        }),
      );
      const [id, event = "", data = "{}"] = [
        fields.get("id"),
        fields.get("event"),
        fields.get("data"),
      ];
      return { id, event, data: JSON.parse(data) };
    });
}

/** The text that a client has who takes deltas as they are meant: from their offset on. */
export function textOf(events: readonly ServerSentEvent[], before = ""): string {
  return events
    .filter(({ event }) => event === "delta")
    .reduce((text, { data }) => text.slice(0, Number(data.offset)) + String(data.text), before);
}
