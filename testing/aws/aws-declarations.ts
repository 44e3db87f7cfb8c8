/** What `@pulumi/aws` and the AWS SDK declare of resources: names, kinds and published values. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface Field {
  readonly isRequired: boolean;
  readonly kind: "string" | "number" | "boolean" | "object" | "map" | "any";
  readonly isList: boolean;
  /** The object inside: `dynamodb.TableReplica`. */
  readonly type?: string;
  /** Where the declaration, or its documentation, says what a text may be. */
  readonly values?: readonly string[];
}

export type Fields = ReadonlyMap<string, Field>;

const require = createRequire(import.meta.url);
const root = dirname(require.resolve("@pulumi/aws/package.json"));
const nestedTypes = readFileSync(join(root, "types/input.d.ts"), "utf8");
const known = new Map<string, Fields>();

/** `aws:s3/bucketPolicy:BucketPolicy` is declared in `s3/bucketPolicy.d.ts` as `BucketPolicyArgs`. */
export function argumentsOf(token: string): Fields {
  return remembered(token, () => {
    const [, module = "", name = ""] = token.split(":");
    const text = readFileSync(join(root, `${module.replace(/^index\//, "")}.d.ts`), "utf8");
    const start = text.indexOf(`export interface ${name}Args {`);
    if (start < 0) throw new Error(`${token}: no ${name}Args declared`);
    return fieldsIn(text.slice(start, text.indexOf("\n}", start)), 4);
  });
}

export function fieldsOf(type: string): Fields {
  return remembered(type, () => {
    const [namespace = "", name = ""] = type.split(".");
    const space = nestedTypes.indexOf(`export declare namespace ${namespace} {`);
    const start = nestedTypes.indexOf(`    interface ${name} {`, space);
    if (space < 0 || start < 0) throw new Error(`${type}: not declared`);
    return fieldsIn(nestedTypes.slice(start, nestedTypes.indexOf("\n    }", start)), 8);
  });
}

function fieldsIn(text: string, indent: number): Fields {
  const fields = new Map<string, Field>();
  let comment = "";
  for (const line of text.split("\n")) {
    if (/^\s*\/\*\*/.test(line)) comment = "";
    if (/^\s*\*/.test(line)) comment += ` ${line.replace(/^\s*\*\/?\s?/, "")}`;
    const [, space, name, optional, declared = ""] = /^( +)(\w+)(\??): (.+)$/.exec(line) ?? [];
    if (!name || space?.length !== indent) continue;
    fields.set(name, { isRequired: optional === "", ...typed(declared, comment) });
    comment = "";
  }
  return fields;
}

function typed(declared: string, comment: string): Omit<Field, "isRequired"> {
  const [, type] = /inputs\.(\w+\.\w+)/.exec(declared) ?? [];
  const [, enumeration] = /enums\.(\w+\.\w+)/.exec(declared) ?? [];
  const isList = /\[\]/.test(declared);
  if (declared.endsWith("{")) return { kind: "map", isList };
  if (/pulumi\.asset\.|Input<any/.test(declared)) return { kind: "any", isList };
  if (/\bstring\b/.test(declared)) {
    const values = enumeration ? enumValues(enumeration) : documented(comment);
    return { kind: "string", isList, ...(values && { values }) };
  }
  if (type) return { kind: "object", isList, type };
  const [kind = "any"] = ["number", "boolean"].filter((word) => declared.includes(word));
  return { kind: kind === "number" || kind === "boolean" ? kind : "any", isList };
}

/** "Valid values are `A` and `B`": an open list ("include", "such as") is no list. */
function documented(comment: string): readonly string[] | undefined {
  const [, list] =
    /(?:[Vv]alid|[Aa]llowed|[Pp]ossible) values(?: are| is)?:?((?: |,|and|or|`[^`]+`|\([^)]*\))+)/.exec(
      comment,
    ) ?? [];
  const values = [...(list ?? "").replace(/\([^)]*\)/g, "").matchAll(/`([^`]+)`/g)];
  const texts = values.map(([, value = ""]) => value.replace(/^\["(.+)"\]$/, "$1"));
  return texts.length > 1 ? texts : undefined;
}

function enumValues(name: string): string[] {
  const [namespace = "", enumeration = ""] = name.split(".");
  const text = readFileSync(join(root, `types/enums/${namespace}/index.d.ts`), "utf8");
  return constants(text, enumeration);
}

const constants = (text: string, name: string): string[] => {
  const start = text.indexOf(`export declare const ${name}: {`);
  const body = text.slice(start, text.indexOf("\n};", start));
  return start < 0 ? [] : [...body.matchAll(/: "([^"]+)"/g)].map(([, value = ""]) => value);
};

const clients: Readonly<Record<string, string>> = {
  cognito: "cognito-identity-provider",
  dynamodb: "dynamodb",
  s3: "s3",
  sqs: "sqs",
};
const published = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

/**
 * What the service's own SDK client publishes for fields of that name, all of them together; nothing
 * where one of them is any text.
 */
export function publishedValues(service: string, field: string): ReadonlySet<string> | undefined {
  const client = clients[service];
  if (client === undefined) return undefined;
  const fields = published.get(client) ?? readClient(client);
  published.set(client, fields);
  return fields.get(field.toLowerCase());
}

function readClient(client: string): ReadonlyMap<string, ReadonlySet<string>> {
  const models = join(
    dirname(require.resolve(`@aws-sdk/client-${client}/package.json`)),
    "dist-types/models",
  );
  const enums = readFileSync(join(models, "enums.d.ts"), "utf8");
  const fields = new Map<string, Set<string>>();
  const open = new Set<string>();
  for (const file of ["models_0.d.ts", "models_1.d.ts"].map((name) => join(models, name))) {
    if (!existsSync(file)) continue;
    for (const [, field = "", type = ""] of readFileSync(file, "utf8").matchAll(
      /^ {4}(\w+)\??: (\w+)(?:\[\])?(?: \| undefined)?;$/gm,
    )) {
      const values = constants(enums, type);
      if (type === "string") open.add(field.toLowerCase());
      if (values.length === 0) continue;
      const all = fields.get(field.toLowerCase()) ?? new Set();
      fields.set(field.toLowerCase(), new Set([...all, ...values]));
    }
  }
  for (const field of open) fields.delete(field);
  return fields;
}

function remembered(key: string, read: () => Fields): Fields {
  const fields = known.get(key) ?? read();
  known.set(key, fields);
  return fields;
}
