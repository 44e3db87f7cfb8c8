/** What `@pulumi/aws` declares as required: a program that leaves it out does not compile. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

interface Field {
  readonly isRequired: boolean;
  /** The type inside, `s3.BucketLifecycleConfigurationRule`; absent for plain values and maps. */
  readonly type?: string;
}

type Fields = ReadonlyMap<string, Field>;

const root = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
const nestedTypes = readFileSync(join(root, "types/input.d.ts"), "utf8");
const known = new Map<string, Fields>();

/** @param path keys from a resource's inputs down; list positions as numbers. */
export function isRequired(resourceType: string, path: readonly (string | number)[]): boolean {
  const names = path.filter((part) => typeof part === "string");
  const last = names.at(-1);
  if (last === undefined || typeof path.at(-1) === "number") return false;
  return fieldsAt(resourceType, names.slice(0, -1))?.get(last)?.isRequired ?? false;
}

/** Whether the value at the path must have fields: an empty one would not compile. */
export function hasRequired(resourceType: string, path: readonly (string | number)[]): boolean {
  const fields = fieldsAt(
    resourceType,
    path.filter((part) => typeof part === "string"),
  );
  return [...(fields?.values() ?? [])].some((field) => field.isRequired);
}

function fieldsAt(resourceType: string, names: readonly string[]): Fields | undefined {
  let fields: Fields | undefined = argumentsOf(resourceType);
  for (const name of names) {
    const type: string | undefined = fields?.get(name)?.type;
    fields = type === undefined ? undefined : nested(type);
  }
  return fields;
}

/** `aws:s3/bucketPolicy:BucketPolicy` is declared in `s3/bucketPolicy.d.ts` as `BucketPolicyArgs`. */
function argumentsOf(token: string): Fields {
  return remembered(token, () => {
    const [, module = "", name = ""] = token.split(":");
    const text = readFileSync(join(root, `${module.replace(/^index\//, "")}.d.ts`), "utf8");
    return fieldsIn(text.slice(text.indexOf(`export interface ${name}Args {`)), "\n}");
  });
}

function nested(type: string): Fields {
  return remembered(type, () => {
    const [namespace = "", name = ""] = type.split(".");
    const start = nestedTypes.indexOf(`export declare namespace ${namespace} {`);
    const at = nestedTypes.indexOf(`    interface ${name} {`, start);
    return fieldsIn(nestedTypes.slice(at, nestedTypes.indexOf("\n    }", at) + 6), "\n    }");
  });
}

function fieldsIn(text: string, end: string): Fields {
  const fields = new Map<string, Field>();
  for (const line of text.slice(0, text.indexOf(end)).split("\n")) {
    const [, name, optional, declared] = /^ {4,8}(\w+)(\??): (.+);$/.exec(line) ?? [];
    if (!name) continue;
    const [, type] = /inputs\.(\w+\.\w+)/.exec(declared ?? "") ?? [];
    fields.set(name, { isRequired: optional === "", ...(type && { type }) });
  }
  return fields;
}

function remembered(key: string, read: () => Fields): Fields {
  const fields = known.get(key) ?? read();
  known.set(key, fields);
  return fields;
}
