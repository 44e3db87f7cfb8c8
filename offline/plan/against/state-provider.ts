/**
 * Answers a program's registrations as the engine does when nothing changes: with the outputs that the
 * state has. What a program computes from real names and ARNs then comes out as it was deployed; what
 * the state does not have yet is a fake.
 */

import { unknownValue } from "../../differences.ts";
import { FakeProvider, fakeAccountId } from "../../fake-provider.ts";
import type { Provider, ProviderRequest } from "../../monitor.ts";
import type { ResourceRecord } from "../../record.ts";
import { placeOf } from "../../upgrade/identity.ts";

export class StateProvider implements Provider {
  readonly touchesNothing = true;
  readonly #fake: FakeProvider;
  readonly #deployed: ReadonlyMap<string, ResourceRecord>;
  readonly #account: string;
  readonly #region: string | undefined;

  /** @param region AWS region of the stack's config, in which its own provider works. */
  constructor(deployed: readonly ResourceRecord[], region: string | undefined) {
    this.#fake = new FakeProvider(region);
    this.#region = region;
    this.#deployed = new Map(deployed.map((record) => [placeOf(record.urn), record]));
    this.#account = accountOf(deployed) ?? fakeAccountId;
  }

  async create(request: ProviderRequest) {
    const fake = await this.#fake.create(request);
    const known = this.#deployed.get(placeOf(request.urn));
    if (known?.id === undefined || request.id !== undefined) return fake;
    const region = this.#region !== undefined && isOfDefaultProvider(known) && fake.outputs.region;
    const outputs = Object.entries(known.outputs).filter(
      // An input that the program changes is returned as it would be, and so is the place where it says none.
      ([property, value]) =>
        !(property in request.inputs) && !isSealed(value) && !(region && property === "region"),
    );
    return { id: known.id, outputs: { ...fake.outputs, ...Object.fromEntries(outputs) } };
  }

  fieldsOf(token: string) {
    return this.#fake.fieldsOf(token);
  }

  async invoke(
    token: string,
    args: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    const answer = await this.#fake.invoke(token, args);
    if (answer === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(answer).map(([key, value]) => [
        key,
        typeof value === "string" ? value.replaceAll(fakeAccountId, this.#account) : value,
      ]),
    );
  }
}

/** The engine's own provider of a package: its region is the config's. */
const isOfDefaultProvider = ({ options }: ResourceRecord): boolean =>
  /::default(_[\w.-]+)?::/.test(options.provider ?? "");

const isSealed = (value: unknown): boolean => JSON.stringify(value).includes(unknownValue);

/** Any ARN tells it: `arn:aws:dynamodb:us-east-1:123456789012:table/…`. */
function accountOf(deployed: readonly ResourceRecord[]): string | undefined {
  for (const { outputs } of deployed) {
    const account = /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):/.exec(String(outputs.arn))?.[1];
    if (account) return account;
  }
  return undefined;
}
