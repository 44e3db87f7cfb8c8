/** `testing/stacks/`: stacks, tenants and components that tests evaluate. */
import { createHash } from "node:crypto";
import { FakeProvider, fakeAccountId } from "../../offline/fake-provider.ts";
import type { Provider, ProviderRequest } from "../../offline/monitor.ts";
import { withCodeHashes } from "../../offline/plan/against/code-hash.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { isFramework, typeSchema } from "../../offline/upgrade/provider.ts";

const account = "481516234208";

/** An account of its own, with other names, ids and ARNs than the fakes: what AWS would have given. */
class OtherAccount implements Provider {
  readonly #fake = new FakeProvider("us-east-1");

  async create(request: ProviderRequest) {
    const { id, outputs } = await this.#fake.create(request);
    const real = (value: unknown) => JSON.parse(realistic(JSON.stringify(value)));
    return { id: realistic(id ?? ""), outputs: real(outputs) };
  }

  async invoke(token: string, args: Record<string, unknown>) {
    return JSON.parse(realistic(JSON.stringify(await this.#fake.invoke(token, args))));
  }
}

/** Every run of hex digits that a fake made up becomes another one of the same length. */
const realistic = (text: string): string =>
  text.replace(/(?<![0-9a-z])[0-9a-f]{4,32}(?![0-9a-z])/g, (digits) =>
    digits === fakeAccountId
      ? account
      : createHash("sha256").update(`real ${digits}`).digest("hex").slice(0, digits.length),
  );

const sign = "4dabf18193072939515e22adb298388d";

/** What tests edit. */
interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs: Record<string, unknown>;
  outputs?: unknown;
  delete?: boolean;
  external?: boolean;
  created?: string;
  modified?: string;
}

export interface StateJson {
  version: number;
  deployment: {
    manifest: object;
    secrets_providers: object;
    resources: StateResource[];
    pending_operations?: object[];
    metadata: object;
  };
}

/** A stack as `pulumi stack export` would write it after `pulumi up` in some account. */
export async function exportedState(stack: string, file?: string): Promise<StateJson> {
  const { records } = await evaluateStack(stack, { provider: new OtherAccount(), file });
  const provider = {
    urn: `urn:pulumi:${stack}::chatstack::pulumi:providers:aws::default_7_48_0`,
    custom: true,
    id: "0f3c1c9e-5f0e-4a3c-8a9f-0b1a3f6f2f11",
    type: "pulumi:providers:aws",
    inputs: { region: "us-east-1", version: "7.48.0" },
    outputs: { region: "us-east-1", version: "7.48.0" },
  };
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-10-02T09:12:44.913Z", magic: "f5e1", version: "v3.270.0" },
      secrets_providers: { type: "passphrase", state: { salt: "v1:c2FsdA==:v1:bm9uY2U=" } },
      resources: [provider, ...withCodeHashes(records).map((record) => resource(record, provider))],
      metadata: {},
    },
  };
}

/**
 * The state after `pulumi refresh`: what AWS answered stands in inputs and outputs, sets in another order,
 * documents spelt anew, and what the provider fills in where the program says nothing.
 */
export function refreshed(state: StateJson): StateJson {
  const { deployment, ...rest } = structuredClone(state);
  const resources = deployment.resources.map((one) => {
    const { sets = [], keeps = [] } = typeSchema(one.type) ?? {};
    const read = (value: unknown, path: string): unknown => {
      if (Array.isArray(value)) {
        const entries = value.map((entry) => read(entry, path));
        return sets.includes(path) ? entries.reverse() : entries;
      }
      if (typeof value === "string" && /^\s*\{"/.test(value)) return respelt(value);
      if (typeof value !== "object" || value === null || sign in value) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, field]) => [
          key,
          key === "__defaults" ? field : read(field, path === "" ? key : `${path}.${key}`),
        ]),
      );
    };
    const filled = isFramework(one.type)
      ? Object.fromEntries(keeps.map((name) => [name, "what AWS has"]))
      : {};
    const answered = { ...filled, ...Object(read(one.inputs, "")) };
    return {
      ...one,
      inputs: answered,
      ...(one.outputs !== undefined && { outputs: read(one.outputs, "") }),
    };
  });
  return { ...rest, deployment: { ...deployment, resources } };
}

/** The same document with its fields in another order, and blanks. */
function respelt(text: string): string {
  try {
    const reversed = (_: string, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value;
    return JSON.stringify(JSON.parse(text), reversed, 1);
  } catch {
    // A template that only looks like a document.
    return text;
  }
}

function resource(record: ResourceRecord, provider: { urn: string; id: string }): StateResource {
  const { urn, type, custom, id, parent, options, propertyDependencies } = record;
  return {
    urn,
    custom,
    ...(id !== undefined && { id }),
    type,
    inputs: inputsOf(record),
    ...(Object.keys(record.outputs).length > 0 && { outputs: signed(record.outputs) }),
    ...(parent !== undefined && { parent }),
    ...(options.protect && { protect: true }),
    ...(options.retainOnDelete && { retainOnDelete: true }),
    ...(options.dependencies.length > 0 && { dependencies: options.dependencies }),
    ...(custom && { provider: `${provider.urn}::${provider.id}`, propertyDependencies }),
    created: "2026-10-02T09:10:02.1Z",
    modified: "2026-10-02T09:10:02.1Z",
  };
}

/** As the provider's check leaves them: names filled in, each object with what was filled in. */
function inputsOf({ type, inputs, outputs, secrets }: ResourceRecord): Record<string, unknown> {
  const filled = ["name", "bucket"].filter(
    (property) => !(property in inputs) && typeof outputs[property] === "string",
  );
  const fields = Object.entries(inputs).map(([key, value]) => [
    key,
    secrets.includes(key)
      ? { [sign]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:bm9uY2U=:c2VhbGVk" }
      : withDefaults(value),
  ]);
  const known = type.startsWith("aws:") ? ["region"] : [];
  const tags = "tags" in inputs ? { tagsAll: withDefaults(inputs.tags) } : {};
  const defaults = Object.fromEntries([...filled, ...known].map((key) => [key, outputs[key]]));
  const noted = isFramework(type) ? {} : { __defaults: [...filled, ...known] };
  return { ...noted, ...defaults, ...Object.fromEntries(fields), ...tags };
}

function withDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDefaults);
  if (typeof value !== "object" || value === null) return value;
  const code = signedCode(value);
  if (code) return code;
  // Go sorts the keys of what it writes.
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries([
    ["__defaults", []],
    ...entries.map(([key, field]) => [key, withDefaults(field)]),
  ]);
}

function signed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(signed);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, signed(field)]);
  return signedCode(value) ?? Object.fromEntries(fields);
}

function signedCode(value: object): object | undefined {
  const { archive } = value as { archive?: { hash?: string } };
  return archive?.hash === undefined
    ? undefined
    : {
        [sign]: "0def7320c3a5731c473e5ecbe6d01bc7",
        hash: archive.hash,
        path: "/home/ci/dist/lambda",
      };
}
