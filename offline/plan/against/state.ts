/**
 * A state as `pulumi stack export` writes it (deployment version 3), as records: what each resource
 * was last asked to be, without what the provider filled in. Pulumi docs, "State and backends".
 */
import { text } from "node:stream/consumers";
import { z } from "zod";
import { readText } from "../../files/files.ts";
import { plainOptions, type ResourceRecord } from "../../record.ts";
import { UsageError } from "../../usage-error.ts";
import { inputsOf, propertiesOf, secretsOf } from "./state-values.ts";

export interface State {
  /** Of the stack that was exported; absent where the state is empty. */
  readonly stack?: string;
  readonly records: readonly ResourceRecord[];
  /** Sentences on what the state has beyond finished resources. */
  readonly notes: readonly string[];
}

/**
 * @param name of the file, for errors.
 * @throws UsageError when it is no exported state of version 3.
 */
export function readState(text: string, name: string): State {
  const { resources = [], pending_operations = [] } = parse(text, name).deployment;
  // An earlier copy of a resource that was replaced, and is only waiting to be deleted.
  const replaced = resources.filter((one) => one.delete);
  const read = resources.filter((one) => one.external);
  const current = resources.filter((one) => !one.delete && !one.external && !isDefault(one));
  const records = current.map(recordOf);
  const sealed = current.filter(({ inputs }) => secretsOf(inputs).sealed).length;
  const notes = [
    ...pending_operations.map(
      ({ type, resource }) =>
        `an update was interrupted while ${type} ${resource.urn}: \`pulumi refresh\` settles it`,
    ),
    replaced.length > 0 &&
      `${replaced.length} replaced resources wait to be deleted by the next \`pulumi up\``,
    read.length > 0 && `${read.length} resources are only read, not managed: left out`,
    sealed > 0 &&
      `secrets of ${sealed} resources are encrypted: not compared (\`pulumi stack export --show-secrets\`)`,
  ].filter((note) => typeof note === "string");
  const [first] = resources;
  return { ...(first && { stack: first.urn.split(":")[2] }), records, notes };
}

/**
 * What `pulumi stack export` wrote.
 *
 * @param what a file, or `-` for stdin.
 * @throws UsageError when it cannot be read, or is no exported state of version 3.
 */
export async function exportedState(what: string): Promise<State> {
  if (what !== "-") return readState(readText(what), what);
  // Not from descriptor 0: where another stream has made it non-blocking, a read before its text has come fails.
  return readState(await text(process.stdin), "stdin");
}

const properties = z.record(z.string(), z.unknown()).nullish();

const resource = z.object({
  urn: z.string().startsWith("urn:pulumi:"),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().optional(),
  parent: z.string().optional(),
  inputs: properties,
  outputs: properties,
  protect: z.boolean().default(false),
  retainOnDelete: z.boolean().default(false),
  deletedWith: z.string().optional(),
  delete: z.boolean().default(false),
  external: z.boolean().default(false),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  provider: z.string().optional(),
  created: z.iso.datetime({ offset: true }).optional(),
});

type StateResource = z.infer<typeof resource>;

const exported = z.object({
  version: z.literal(3),
  deployment: z.object({
    resources: z.array(resource).optional(),
    pending_operations: z
      .array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) }))
      .nullish()
      .transform((found) => found ?? []),
  }),
});

function parse(text: string, name: string): z.infer<typeof exported> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // JSON's own message quotes the text, and there may be secrets in it.
    throw new UsageError(`${name}: not JSON; write it with \`pulumi stack export\``);
  }
  const parsed = exported.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${name}: ${issue?.path.join(".") || "the file"}: ${issue?.message}; ` +
      "allowed: what `pulumi stack export` writes, version 3",
  );
}

/** The engine makes one per package itself; a program never registers it. */
const isDefault = ({ type, urn }: StateResource): boolean =>
  type.startsWith("pulumi:providers:") && /::default(_[\w.-]+)?$/.test(urn);

function recordOf(found: StateResource): ResourceRecord {
  const { urn, type, custom, id, parent, deletedWith, provider, created } = found;
  const isProvider = type.startsWith("pulumi:providers:");
  const name = urn.split("::").slice(3).join("::");
  // The engine adds the plugin's version, and keeps notes of its own.
  const { version, __internal, ...own } = propertiesOf(found.inputs);
  return {
    urn,
    type,
    name,
    ...(parent !== undefined && { parent }),
    custom,
    inputs: isProvider ? own : inputsOf(type, name, found.inputs),
    secrets: secretsOf(found.inputs).names,
    ...(id !== undefined && { id }),
    ...(created !== undefined && { created }),
    outputs: propertiesOf(found.outputs),
    options: {
      ...plainOptions,
      protect: found.protect,
      retainOnDelete: found.retainOnDelete,
      ...(deletedWith !== undefined && { deletedWith }),
      dependencies: found.dependencies ?? [],
      ...(provider !== undefined && { provider }),
    },
    propertyDependencies: Object.fromEntries(
      Object.entries(found.propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []]),
    ),
  };
}
