/** Property values as Pulumi's state has them: signed secrets and assets, and the provider's defaults. */
import { unknownValue } from "../../differences.ts";
import { isObject } from "../../fields.ts";
import { isFramework, typeSchema } from "../../upgrade/provider.ts";

type Properties = Readonly<Record<string, unknown>> | null | undefined;

/** What a program would have written: secrets opened where they can be, provider's defaults left out. */
export function propertiesOf(properties: Properties): Record<string, unknown> {
  const plain = isObject(properties) ? plainObject(properties) : {};
  // The provider computes it from `tags` and its own default tags.
  const { tagsAll, ...rest } = plain;
  return rest;
}

/**
 * The same of a resource's inputs. Where the bridge notes what it filled in, a name that is not among it was
 * given by the program, whatever it looks like, also right after an import, which has no notes yet. Where it never
 * does, a name is made up that is the resource's own, by Pulumi's usual pattern or as it stands.
 */
export function inputsOf(type: string, name: string, inputs: Properties): Record<string, unknown> {
  const known = propertiesOf(inputs);
  if (typeSchema(type) ? !isFramework(type) : inputs && defaultsKey in inputs) return known;
  return Object.fromEntries(
    Object.entries(known).filter(([key, value]) => key !== "name" || !isMadeUp(name, value)),
  );
}

function isMadeUp(name: string, value: unknown): boolean {
  if (typeof value !== "string") return false;
  const [start, suffix] = [value.slice(0, name.length), value.slice(name.length)];
  return start.toLowerCase() === name.toLowerCase() && /^(-[0-9a-f]{7,})?$/.test(suffix);
}

/** Top-level properties that are, or contain, secrets; `sealed` where one of them is encrypted. */
export function secretsOf(properties: Properties): { names: string[]; sealed: boolean } {
  const found = Object.entries(properties ?? {}).map(([name, value]) => ({
    name,
    secrets: [...secretsIn(value)],
  }));
  return {
    names: found.filter(({ secrets }) => secrets.length > 0).map(({ name }) => name),
    sealed: found.some(({ secrets }) => secrets.some((secret) => !("plaintext" in secret))),
  };
}

/** Signatures of `sdk/go/common/resource` in pulumi/pulumi, the same in every SDK. */
const signature = "4dabf18193072939515e22adb298388d";
const signed = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
} as const;

/** Where the bridge to Terraform's providers notes which fields of an object it filled in itself. */
const defaultsKey = "__defaults";

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const { [signature]: sign, ...content } = value;
  switch (sign) {
    case signed.asset:
      return { asset: codeOf(content) };
    case signed.archive:
      return { archive: codeOf(content) };
    case signed.secret:
      return opened(content);
    case signed.resource:
      return content.id;
    default:
      return plainObject(value);
  }
}

function plainObject(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const filledIn = new Set(Array.isArray(value[defaultsKey]) ? value[defaultsKey] : []);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => key !== defaultsKey && !filledIn.has(key) && field !== null)
      .map(([key, field]) => [key, plain(field)]),
  );
}

/** By its hash alone: the path is of the machine that deployed it. */
const codeOf = (content: Readonly<Record<string, unknown>>) =>
  typeof content.hash === "string" ? { hash: content.hash } : content;

/** The plaintext is JSON, and may hold secrets in turn. */
function opened({ plaintext }: Readonly<Record<string, unknown>>): unknown {
  if (typeof plaintext !== "string") return unknownValue;
  try {
    return plain(JSON.parse(plaintext));
  } catch {
    return unknownValue;
  }
}

function* secretsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const entry of value) yield* secretsIn(entry);
  else if (isObject(value)) {
    if (value[signature] === signed.secret) yield value;
    else for (const field of Object.values(value)) yield* secretsIn(field);
  }
}
