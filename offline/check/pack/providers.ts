/**
 * Default providers. The engine makes one per package and version where the program names none,
 * configures it from the stack's config, judges it like any resource and shows it to the policies that
 * judge its resources. Recordings lack them: the SDK never sees them.
 */
import { plainOptions, type ResourceRecord } from "../../record.ts";

export interface Provided {
  /** The records, each default provider before its first resource. */
  readonly records: readonly ResourceRecord[];
  providerOf(record: ResourceRecord): ResourceRecord | undefined;
}

export function withProviders(
  records: readonly ResourceRecord[],
  project: string,
  stack: string,
  config: Readonly<Record<string, string>>,
): Provided {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  const defaults = new Map<string, ResourceRecord>();
  const all: ResourceRecord[] = [];
  const defaultFor = ({ type, options, custom }: ResourceRecord): string | undefined => {
    const [packageName = ""] = type.split(":");
    if (!custom || packageName === "pulumi" || options.provider) return undefined;
    return `${packageName} ${options.version ?? ""}`;
  };
  for (const record of records) {
    const key = defaultFor(record);
    if (key !== undefined && !defaults.has(key)) {
      const provider = defaultProvider(key, project, stack, config);
      defaults.set(key, provider);
      all.push(provider);
    }
    all.push(record);
  }
  return {
    records: all,
    providerOf(record) {
      // A reference to an explicit provider is `urn::id`.
      const explicit = record.options.provider?.replace(/::[^:]*$/, "");
      return explicit ? byUrn.get(explicit) : defaults.get(defaultFor(record) ?? "");
    },
  };
}

function defaultProvider(
  key: string,
  project: string,
  stack: string,
  config: Readonly<Record<string, string>>,
): ResourceRecord {
  const [packageName = "", version = ""] = key.split(" ");
  const type = `pulumi:providers:${packageName}`;
  const name = version ? `default_${version.replaceAll(".", "_")}` : "default";
  const prefix = `${packageName}:`;
  const inputs = {
    ...Object.fromEntries(
      Object.entries(config)
        .filter(([configKey]) => configKey.startsWith(prefix))
        .map(([configKey, value]) => [configKey.slice(prefix.length), value]),
    ),
    ...(version && { version }),
  };
  return {
    urn: `urn:pulumi:${stack}::${project}::${type}::${name}`,
    type,
    name,
    custom: true,
    inputs,
    secrets: [],
    id: name,
    outputs: inputs,
    options: plainOptions,
    propertyDependencies: {},
  };
}

/** Providers bridged from Terraform, AWS's among them, return the id as an output as well. */
export const outputsOf = ({ id, outputs }: ResourceRecord): Record<string, unknown> =>
  id === undefined ? outputs : { id, ...outputs };
