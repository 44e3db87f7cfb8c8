import type { StackConfig } from "./reading/stack-config.ts";

/**
 * A rule is data and one judgement. It knows nothing of `@pulumi/policy`: `policy.ts` turns it into a
 * policy, `judge.ts` runs it on its own, tests and docs read it as it is.
 *
 * A **resource rule** judges one resource by its inputs, before it is created. Whatever one resource can
 * show is a resource rule, because during `up` the engine runs stack rules only after resources exist.
 *
 *     export const pitr = resourceRule({
 *       id: "ddb-pitr", service: "DynamoDB", description, reason, fix, severity: "critical", level: "mandatory",
 *       frameworks: nag("AwsSolutions-DDB3"),
 *       types: ["aws:dynamodb/table:Table"],
 *       judge({ props }, report) {
 *         const enabled = at(props, "pointInTimeRecovery.enabled");
 *         if (enabled !== true) report("pointInTimeRecovery.enabled", enabled, "true");
 *       },
 *       remediate(props) { … },          // optional, edits inputs in place; never for Lambda functions
 *     });
 *
 * A **stack rule** judges each resource of its `types` with the whole stack at hand (`stack.namedBy`
 * joins split settings to it). The judgement is called once per subject, so one subject that
 * cannot be judged hides no other.
 *
 *     stackRule({ …, reach: "tenant", types: ["aws:s3/bucket:Bucket"], judge(bucket, report, config, stack) { … } })
 *
 * - **Settings**: `config: { days: { type: "integer", default: 35, description } }` gives `judge` a typed
 *   `config.days`, defaults applied, and the policy its JSON schema.
 * - **Report** `(property, found, allowed)`: the resource, description and fix are added. `found` goes to
 *   logs: pass flags, numbers, enumerations, ARNs; of anything that may be secret only its name.
 * - **Absent means absent**: `at()` and its kin give `undefined`; compare with what is allowed, so that an
 *   omitted block fails.
 * - **Unknown at preview**: reading an unknown value throws, the framework reports `cannot tell: <property>`.
 *   Never catch it; `knownAt()` is for joins only. Read what decides first.
 * - **Helpers**: `read.ts` (properties), `policy-document.ts` (IAM documents), `frameworks.ts` (references),
 *   `perStack` (what many subjects share); tests say each case in a line with `testRule` (`testing.ts`).
 * - **Levels and exemptions** are the framework's business (`stack-config.ts`): a rule never looks at them.
 */
export interface Rule<S extends ConfigSchema = ConfigSchema> {
  /** Kebab-case, prefixed by service; the policy's name and what exemptions refer to. */
  readonly id: string;
  readonly service: string;
  /** One line in the imperative: what must be so. */
  readonly description: string;
  /** What is lost or leaked otherwise. */
  readonly reason: string;
  /** What to write in the program. */
  readonly fix: string;
  readonly severity: "critical" | "high" | "medium" | "low";
  /** `mandatory-in-production` is advisory unless the stack's config says `chatstack:environment: production`. */
  readonly level: "mandatory" | "mandatory-in-production" | "advisory";
  /** Controls of published frameworks that this rule covers; empty when none has it. */
  readonly frameworks: readonly Framework[];
  /**
   * - `"never"`: no exemption silences it.
   * - `"to-remove"`: it keeps data from leaving. Once an exemption has let the data go, the exemption is
   *   for no resource; until it expires that is no fault of it.
   */
  readonly exemptible?: "never" | "to-remove";
  readonly config?: S;
}

export interface ResourceRule<S extends ConfigSchema = ConfigSchema> extends Rule<S> {
  readonly kind: "resource";
  /** Type tokens it judges; a trailing `*` matches any ending. */
  readonly types: readonly string[];
  judge(resource: Resource, report: Report, config: Config<S>, stackConfig: StackConfig): void;
  /** Edits a violating resource's inputs in place; runs only where policy config sets `enforcementLevel: remediate`. */
  remediate?(props: Record<string, unknown>, config: Config<S>): void;
}

export interface StackRule<S extends ConfigSchema = ConfigSchema> extends Rule<S> {
  readonly kind: "stack";
  /**
   * What the rule looks at. Tenants of a large stack are judged some at a time, so each rule has to say it:
   *
   * - `"tenant"`: its subject, the subject's tenant, what names either or is named by them, and what all tenants share.
   * - `"account"`: the same, and which accounts the stack is in (`accountsOf`).
   * - `"tenants"`: it looks for what one tenant has of another, or takes what another has for its subject's.
   * - `"stack"`: it counts or lists the whole stack, by names, types, tenants and uses of quotas alone.
   */
  readonly reach: Reach;
  /** Type tokens of its subjects; a trailing `*` matches any ending. */
  readonly types: readonly string[];
  judge(subject: StackResource, report: Report, config: Config<S>, stack: Stack): void;
}

export type Reach = "tenant" | "account" | "tenants" | "stack";

export type AnyRule = ResourceRule | StackRule;

export interface Framework {
  readonly name:
    | "Security Hub"
    | "CIS"
    | "HIPAA"
    | "NIST 800-53"
    | "PCI DSS"
    | "cdk-nag"
    | "checkov"
    | "Prowler"
    | "awsguard"
    | "compliance-policies";
  readonly id: string;
  readonly url?: string;
}

/** One resource as a rule sees it: inputs in a resource rule, outputs in a stack rule. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly opts: {
    readonly protect: boolean;
    readonly ignoreChanges: readonly string[];
    /** URN of the parent. */
    readonly parent?: string;
  };
  /** The provider with its settings, a default one as well; absent for components and for providers themselves. */
  readonly provider?: { readonly props: Readonly<Record<string, unknown>> };
}

export interface StackResource extends Resource {
  /** Where the program makes it: for reports, no policy is told. */
  readonly source?: { readonly file: string; readonly line: number };
  readonly parent?: StackResource;
  readonly dependencies: readonly StackResource[];
  /** For each input, the resources its value came from. */
  readonly propertyDependencies: Readonly<Record<string, readonly StackResource[]>>;
}

/** The whole stack, indexed. */
export interface Stack {
  readonly config: StackConfig;
  readonly resources: readonly StackResource[];
  ofType(...types: string[]): readonly StackResource[];
  /**
   * Resources of the given types whose `property` (a text or a list of texts) names the target: by dependency,
   * since ids are unknown at preview, or literally by its name, id or ARN. A text target is matched literally.
   */
  namedBy(
    target: Resource | string,
    property: string,
    ...types: string[]
  ): readonly StackResource[];
}

/** `found: undefined` reads as "absent". `about` defaults to the judged resource. */
export type Report = (property: string, found: unknown, allowed: string, about?: Resource) => void;

export type ConfigSchema = Readonly<Record<string, Setting>>;

interface SettingText {
  readonly description: string;
}

export type Setting = SettingText &
  (
    | {
        readonly type: "integer" | "number";
        readonly default: number;
        readonly minimum?: number;
        readonly maximum?: number;
      }
    | { readonly type: "string"; readonly default: string; readonly enum?: string[] }
    | { readonly type: "boolean"; readonly default: boolean }
    | {
        readonly type: "array";
        readonly items: { readonly type: "string" };
        readonly default: readonly string[];
      }
  );

export type Config<S extends ConfigSchema> = { readonly [K in keyof S]: Widened<S[K]["default"]> };

type Widened<D> = D extends number
  ? number
  : D extends boolean
    ? boolean
    : D extends string
      ? string
      : readonly string[];

export function resourceRule<S extends ConfigSchema>(
  rule: Omit<ResourceRule<S>, "kind">,
): ResourceRule {
  return { kind: "resource", ...rule };
}

export function stackRule<S extends ConfigSchema>(rule: Omit<StackRule<S>, "kind">): StackRule {
  return { kind: "stack", ...rule };
}

/** Whether the type is one of the tokens; a trailing `*` matches any ending. */
export function isOneOf(type: string, tokens: readonly string[]): boolean {
  const { exact, beginnings } = sorted(tokens);
  return exact.has(type) || beginnings.some((beginning) => type.startsWith(beginning));
}

interface Tokens {
  readonly exact: ReadonlySet<string>;
  readonly beginnings: readonly string[];
}

/** Every rule is asked about every resource: some have dozens of types. */
const known = new WeakMap<readonly string[], Tokens>();

function sorted(tokens: readonly string[]): Tokens {
  const found = known.get(tokens);
  if (found) return found;
  const patterns = tokens.filter((token) => token.endsWith("*"));
  const made = {
    exact: new Set(tokens.filter((token) => !token.endsWith("*"))),
    beginnings: patterns.map((pattern) => pattern.slice(0, -1)),
  };
  known.set(tokens, made);
  return made;
}

/** Derives something from a stack once, however many subjects ask: joins must not be quadratic in tenants. */
export function perStack<T>(derive: (stack: Stack) => T): (stack: Stack) => T {
  const derived = new WeakMap<Stack, { value: T }>();
  return (stack) => {
    const known = derived.get(stack);
    if (known) return known.value;
    const value = derive(stack);
    derived.set(stack, { value });
    return value;
  };
}
