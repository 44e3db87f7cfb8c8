/**
 * `aws.iam.getPolicyDocument`, to the letter of what the provider returns: sets come out in reverse
 * alphabetical order, one element stands without its list, `&{…}` is `${…}`, keys of maps are sorted, and
 * documents merge by `sid` (Terraform's documentation of `aws_iam_policy_document`).
 */
import { crc32 } from "node:zlib";
import { z } from "zod";
import { goEscaped } from "../engine-config/json.ts";

const texts = z.array(z.string()).nullish();
const principals = z.array(z.object({ type: z.string(), identifiers: z.array(z.string()) }));

const statementArgs = z.object({
  sid: z.string().nullish(),
  effect: z.enum(["Allow", "Deny"]).nullish(),
  actions: texts,
  notActions: texts,
  resources: texts,
  notResources: texts,
  principals: principals.nullish(),
  notPrincipals: principals.nullish(),
  conditions: z
    .array(z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) }))
    .nullish(),
});

const documentArgs = z.looseObject({
  version: z.enum(["2008-10-17", "2012-10-17"]).nullish(),
  policyId: z.string().nullish(),
  statements: z.array(statementArgs).nullish(),
  sourcePolicyDocuments: z.array(z.string().nullable()).nullish(),
  overridePolicyDocuments: z.array(z.string().nullable()).nullish(),
});

type Statement = Readonly<Record<string, unknown>> & { readonly Sid?: string };

interface Document {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement?: readonly Statement[];
}

/** @throws Error where the provider would refuse the arguments. */
export function policyDocument(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed = documentArgs.safeParse(args);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { sourcePolicyDocuments, overridePolicyDocuments, statements, policyId } = parsed.data;
  const version = parsed.data.version ?? "2012-10-17";
  const sources = (sourcePolicyDocuments ?? []).flatMap(documentIn("sourcePolicyDocuments"));
  refuseSameSids(
    "sourcePolicyDocuments",
    sources.flatMap(({ Statement = [] }) => Statement),
  );
  const own: Document = {
    Version: version,
    ...(policyId && { Id: policyId }),
    Statement: (statements ?? []).map((statement) => statementOf(statement, version)),
  };
  refuseSameSids("statements", own.Statement ?? []);
  const overrides = (overridePolicyDocuments ?? []).flatMap(documentIn("overridePolicyDocuments"));
  const merged = [...sources, own, ...overrides].reduce(merge, {});
  return {
    ...args,
    version,
    id: String(crc32(written(merged, 2))),
    json: written(merged, 2),
    minifiedJson: written(merged),
  };
}

function statementOf(args: z.infer<typeof statementArgs>, version: string): Statement {
  const withVariables = (text: string) => variables(text, version);
  const set = (list: readonly string[] | null | undefined) =>
    list && list.length > 0 ? oneOrAll(reversed(list)) : undefined;
  const resources = (list: readonly string[] | null | undefined) => set(list?.map(withVariables));
  const { sid, effect, actions, notActions, conditions } = args;
  return present({
    Sid: sid || undefined,
    Effect: effect ?? "Allow",
    Action: set(actions),
    NotAction: set(notActions),
    Resource: resources(args.resources),
    NotResource: resources(args.notResources),
    Principal: principalsOf(args.principals ?? [], withVariables),
    NotPrincipal: principalsOf(args.notPrincipals ?? [], withVariables),
    Condition: conditionsOf(conditions ?? [], withVariables),
  });
}

/** Only `{"*": "*"}` is written as `"*"`: a trust policy is refused where `{"AWS": "*"}` is. */
function principalsOf(
  given: z.infer<typeof principals>,
  withVariables: (text: string) => string,
): unknown {
  const [only, ...others] = given;
  if (only === undefined) return undefined;
  if (others.length === 0 && only.type === "*" && only.identifiers.join() === "*") return "*";
  const byType = Map.groupBy(given, ({ type }) => type);
  return sorted(
    [...byType].map(([type, of]) => [
      type,
      oneOrAll(of.flatMap(({ identifiers }) => reversed(identifiers.map(withVariables)))),
    ]),
  );
}

/** The order of a condition's values stays. */
function conditionsOf(
  given: readonly { test: string; variable: string; values: readonly string[] }[],
  withVariables: (text: string) => string,
): unknown {
  if (given.length === 0) return undefined;
  const byTest = Map.groupBy(given, ({ test }) => test);
  return sorted(
    [...byTest].map(([test, of]) => [
      test,
      sorted(
        [...Map.groupBy(of, ({ variable }) => variable)].map(([variable, alike]) => [
          variable,
          oneOrAll(alike.flatMap(({ values }) => values.map(withVariables))),
        ]),
      ),
    ]),
  );
}

/** Later statements take the place of earlier ones with their `Sid`. */
function merge(before: Document, next: Document): Document {
  const statements = [...(before.Statement ?? [])];
  for (const statement of next.Statement ?? []) {
    const index = statement.Sid ? statements.findIndex(({ Sid }) => Sid === statement.Sid) : -1;
    if (index < 0) statements.push(statement);
    else statements[index] = statement;
  }
  const version = [before.Version ?? "", next.Version ?? ""].sort().at(-1);
  return {
    ...(version && { Version: version }),
    ...((next.Id || before.Id) && { Id: next.Id || before.Id }),
    ...(statements.length > 0 && { Statement: statements }),
  };
}

const writtenDocument = z.looseObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z
    .union([z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())])
    .optional(),
});

const documentIn =
  (argument: string) =>
  (text: string | null, index: number): Document[] => {
    if (text === null || text === "") return [];
    const { Version, Id, Statement } = parsedDocument(text, `${argument}.${index}`);
    const listed = Statement === undefined ? [] : [Statement].flat();
    return [
      {
        ...(Version && { Version }),
        ...(Id && { Id }),
        Statement: listed.map((one) => asWritten(one)),
      },
    ];
  };

function parsedDocument(text: string, where: string): z.infer<typeof writtenDocument> {
  try {
    return writtenDocument.parse(JSON.parse(text));
  } catch {
    throw refusal(`${where}: found a text that is no policy document; allowed: its JSON`);
  }
}

/** In the order of elements, and with the values, that the provider writes. */
function asWritten(statement: Readonly<Record<string, unknown>>): Statement {
  const { Principal, NotPrincipal, Condition } = statement;
  const { Sid } = statement;
  return present({
    Sid: typeof Sid === "string" && Sid !== "" ? Sid : undefined,
    Effect: statement.Effect,
    Action: statement.Action,
    NotAction: statement.NotAction,
    Resource: statement.Resource,
    NotResource: statement.NotResource,
    Principal: reread(Principal),
    NotPrincipal: reread(NotPrincipal),
    Condition: isMap(Condition)
      ? sorted(
          Object.entries(Condition).map(([test, variablesOf]) => [
            test,
            isMap(variablesOf)
              ? sorted(Object.entries(variablesOf).map(([key, value]) => [key, textual(value)]))
              : variablesOf,
          ]),
        )
      : undefined,
  });
}

/** Principals come out sorted from another document, and are turned round once more as they are written. */
function reread(principal: unknown): unknown {
  if (typeof principal === "string") return "*";
  if (!isMap(principal)) return undefined;
  return sorted(
    Object.entries(principal).map(([type, identifiers]) => [
      type,
      Array.isArray(identifiers) ? reversed(identifiers.map(String)) : identifiers,
    ]),
  );
}

const textual = (value: unknown): unknown =>
  Array.isArray(value)
    ? oneOrAll(value.map(String))
    : typeof value === "boolean"
      ? String(value)
      : value;

function refuseSameSids(argument: string, statements: readonly Statement[]): void {
  const sids = statements.flatMap(({ Sid }) => (Sid ? [Sid] : []));
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) {
    throw refusal(`${argument}: found the sid "${twice}" twice; allowed: each once`);
  }
}

/** `&{aws:username}` stands for IAM's own `${aws:username}`, which only version 2012-10-17 knows. */
function variables(text: string, version: string): string {
  if (version === "2008-10-17" && text.includes("&{")) {
    throw refusal(`found "&{" in "${text}"; allowed: only with version 2012-10-17`);
  }
  return text.replaceAll("&{", "${");
}

const written = (document: Document, indent?: number): string =>
  goEscaped(JSON.stringify(document, undefined, indent));

/** A set's elements: each once, in the provider's order. */
const reversed = (list: readonly string[]): string[] =>
  [...new Set(list)].sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));

const oneOrAll = (list: readonly string[]): string | readonly string[] =>
  list.length === 1 ? (list[0] ?? "") : list;

const sorted = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const refusal = (what: string): Error => new Error(`aws.iam.getPolicyDocument: ${what}`);
