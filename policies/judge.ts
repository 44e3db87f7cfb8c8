import { like } from "./reading/policy-document.ts";
import { knownAt, knownTextsAt, unknownProperty } from "./reading/read.ts";
import type { Exemption, StackConfig } from "./reading/stack-config.ts";
import type {
  AnyRule,
  Config,
  ConfigSchema,
  Report,
  Resource,
  ResourceRule,
  Setting,
  Stack,
  StackResource,
  StackRule,
} from "./rule.ts";
import { isOneOf } from "./rule.ts";

/** What one rule says of one resource. */
export interface Finding {
  readonly rule: string;
  readonly urn: string;
  /** Dotted path of the property that decided. */
  readonly property: string;
  /**
   * `cannot-tell`: the property is unknown at preview, or the rule failed; neither a pass nor a violation. `exempt`: a violation
   * that an entry of `chatstack:exemptions` allows for now.
   */
  readonly verdict: "violation" | "cannot-tell" | "exempt";
  /** `cannot-tell` because the rule failed, e.g. on a policy that is no JSON, and not for want of a value. */
  readonly isFault?: true;
  /** What was found, what is allowed, and the fix. Starts with `cannot tell:` or `exempt until` where it is not a violation. */
  readonly message: string;
}

/** Judges one resource; rules for other types find nothing. */
export function judgeResource(
  rule: ResourceRule,
  resource: Resource,
  stackConfig: StackConfig,
  given: Readonly<Record<string, unknown>> = {},
): Finding[] {
  if (!isOneOf(resource.type, rule.types)) return [];
  const config = withDefaults(rule.config, given);
  return findings(rule, resource, stackConfig, (report) =>
    rule.judge(resource, report, config, stackConfig),
  );
}

/** Judges every subject of the rule in the stack. */
export function judgeStack(
  rule: StackRule,
  stack: Stack,
  given: Readonly<Record<string, unknown>> = {},
): Finding[] {
  const config = withDefaults(rule.config, given);
  return stack
    .ofType(...rule.types)
    .flatMap((subject) =>
      findings(rule, subject, stack.config, (report) => rule.judge(subject, report, config, stack)),
    );
}

/** The engine applies defaults itself, other drivers of the pack may not. */
export function withDefaults(
  schema: ConfigSchema | undefined,
  given: Readonly<Record<string, unknown>>,
): Config<ConfigSchema> {
  if (schema === undefined) return {};
  const settings = Object.entries(schema).map(([name, setting]) => {
    const value = given[name];
    return [name, isSetting(value) ? value : setting.default] as const;
  });
  return Object.fromEntries(settings);
}

function findings(
  rule: AnyRule,
  subject: Resource,
  { exemptions, today }: StackConfig,
  judge: (report: Report) => void,
): Finding[] {
  const found: Finding[] = [];
  const report: Report = (property, value, allowed, about = subject) => {
    const message = `${property} is ${shown(value)}; allowed: ${allowed}. Fix: ${rule.fix}`;
    const exemption = exemptions.find(
      (entry) =>
        rule.exemptible !== "never" &&
        entry.expires >= today &&
        covers(entry, rule, subject, about),
    );
    found.push({
      rule: rule.id,
      urn: about.urn,
      property,
      verdict: exemption ? "exempt" : "violation",
      message: exemption
        ? `exempt until ${exemption.expires} by ${exemption.owner} (${exemption.reason}): ${message}`
        : message,
    });
  };
  try {
    judge(report);
  } catch (error) {
    found.push({ rule: rule.id, urn: subject.urn, verdict: "cannot-tell", ...whyNot(error) });
  }
  return found;
}

/** A rule that fails on one subject is a finding about that subject: it must hide no other. */
function whyNot(error: unknown): Pick<Finding, "property" | "message" | "isFault"> {
  const property = unknownProperty(error);
  if (property !== undefined)
    return { property, message: `cannot tell: ${property} is unknown until the update runs` };
  // A parser quotes the text that it cannot read.
  const isParser = error instanceof SyntaxError;
  const reason = isParser
    ? "a text is not JSON"
    : error instanceof Error
      ? error.message
      : "failed";
  return { property: "", message: `cannot tell: ${reason}`, isFault: true };
}

/** Whether the exemption names the rule and one of the resources, by URN or logical name. */
function covers(exemption: Exemption, rule: { id: string }, ...resources: Resource[]): boolean {
  const names = resources.flatMap(({ urn, name }) => [urn, name]);
  return exemption.rule === rule.id && names.some((name) => like(exemption.resource, name));
}

/** A stack indexed by type and by who names whom, so that a join costs what it finds. */
export function indexStack(resources: readonly StackResource[], config: StackConfig): Stack {
  const byType = Map.groupBy(resources, (resource) => resource.type);
  const ofTypes = new Map<string, readonly StackResource[]>();
  const referring = new Map<string, Referrers>();
  const ofType = (...types: string[]) =>
    remembered(ofTypes, types.join(" "), () =>
      [...byType].flatMap(([type, of]) => (isOneOf(type, types) ? of : [])),
    );
  return {
    config,
    resources,
    ofType,
    namedBy: (target, property, ...types) => {
      const referrers = remembered(referring, [property, ...types].join(" "), () =>
        indexReferences(ofType(...types), property),
      );
      const names = typeof target === "string" ? [target] : namesOf(target);
      return [...new Set(names.flatMap((name) => referrers.get(name) ?? []))];
    },
  };
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** Who names what, by the name. */
type Referrers = ReadonlyMap<string, readonly StackResource[]>;

function indexReferences(resources: readonly StackResource[], property: string): Referrers {
  const index = new Map<string, StackResource[]>();
  for (const resource of resources) {
    const texts = knownTextsAt(resource.props, property);
    const sources = sourcesOf(resource, property, texts).map(({ urn }) => urn);
    for (const key of new Set([...sources, ...texts])) {
      const referring = index.get(key);
      if (referring) referring.push(resource);
      else index.set(key, [resource]);
    }
  }
  return index;
}

/**
 * What the property's value came from. One that is made of several and is the name of one of them
 * (`pulumi.all([a.id, b.id]).apply(([id]) => id)`) names that one alone.
 */
function sourcesOf(
  resource: StackResource,
  property: string,
  texts: readonly string[],
): readonly StackResource[] {
  const sources = resource.propertyDependencies[property] ?? [];
  const [text, ...others] = texts;
  if (sources.length < 2 || text === undefined || others.length > 0) return sources;
  const named = sources.filter((source) => namesOf(source).includes(text));
  return named.length > 0 ? named : sources;
}

function namesOf({ urn, props }: Resource): string[] {
  const names = ["id", "arn", "name", "bucket"].map((key) => knownAt(props, key));
  return [urn, ...new Set(names.filter((name) => typeof name === "string"))];
}

function isSetting(value: unknown): value is Setting["default"] {
  return Array.isArray(value) || ["string", "number", "boolean"].includes(typeof value);
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === "") return "empty";
  return typeof value === "object" ? "set" : `${value}`;
}
