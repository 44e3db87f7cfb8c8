/** Event buses outside of the stacks, which are told of what an operation does. */
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { allowedBus, busPattern } from "../../offline/cells/file.ts";
import { counted } from "../../offline/text.ts";
import { UsageError } from "../../offline/usage-error.ts";

/** EventBridge's limit for one PutEvents (API Reference, "PutEvents"). */
const entriesAtOnce = 10;

/** An event bus outside of the stacks, e.g. of a control plane. What it does not take is counted, and stops nothing. */
export class OperatorBus {
  readonly #arn: string;
  readonly #region: string;
  #sent: Promise<void> = Promise.resolve();
  #unsent = 0;
  #why = "";

  /** @throws UsageError where it is no ARN of a bus. */
  constructor(arn: string) {
    const region = busPattern.exec(arn)?.[1];
    if (region === undefined) {
      throw new UsageError(`--event-bus: found ${JSON.stringify(arn)}; allowed: ${allowedBus}`);
    }
    [this.#arn, this.#region] = [arn, region];
  }

  /** In the order of the calls. */
  send(entries: readonly Pick<PutEventsRequestEntry, "Source" | "DetailType" | "Detail">[]): void {
    for (let start = 0; start < entries.length; start += entriesAtOnce) {
      const some = entries.slice(start, start + entriesAtOnce);
      this.#sent = this.#sent.then(() => this.#put(some));
    }
  }

  /** How many events the bus did not take, and why; undefined where it took all. */
  async ended(): Promise<string | undefined> {
    await this.#sent;
    return this.#unsent === 0
      ? undefined
      : `${this.#arn} did not take ${counted(this.#unsent, "event", "events")}: ${this.#why}`;
  }

  async #put(entries: readonly PutEventsRequestEntry[]): Promise<void> {
    try {
      const { EventBridgeClient, PutEventsCommand } = await import("@aws-sdk/client-eventbridge");
      const client = new EventBridgeClient({ region: this.#region });
      const Entries = entries.map((entry) => ({ ...entry, EventBusName: this.#arn }));
      const { Entries: answers = [] } = await client.send(new PutEventsCommand({ Entries }));
      client.destroy();
      const refused = answers.flatMap(({ ErrorCode }) => ErrorCode ?? []);
      this.#unsent += refused.length;
      this.#why ||= refused[0] ?? "";
    } catch (error) {
      this.#unsent += entries.length;
      this.#why ||= error instanceof Error ? error.message : String(error);
    }
  }
}

/** The bus of each stack: one for all, or the one of its cell. */
export class OperatorBuses {
  readonly #arnOf: (stack: string) => string | undefined;
  readonly #buses = new Map<string, OperatorBus>();

  /**
   * @param forAll ARN of a bus that stands for every cell's.
   * @throws UsageError where it is no ARN of a bus.
   */
  constructor(forAll: string | undefined, ofCell: (stack: string) => string | undefined) {
    this.#arnOf = forAll === undefined ? ofCell : () => forAll;
    if (forAll !== undefined) this.#bus(forAll);
  }

  of(stack: string): OperatorBus | undefined {
    const arn = this.#arnOf(stack);
    return arn === undefined ? undefined : this.#bus(arn);
  }

  /** For each bus that did not take all events: how many, and why. */
  async ended(): Promise<string[]> {
    const all = await Promise.all([...this.#buses.values()].map((bus) => bus.ended()));
    return all.filter((unsent) => unsent !== undefined);
  }

  #bus(arn: string): OperatorBus {
    const bus = this.#buses.get(arn) ?? new OperatorBus(arn);
    this.#buses.set(arn, bus);
    return bus;
  }
}
