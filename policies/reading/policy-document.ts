import { deniesAllButFixed, pins } from "./conditions.ts";
import { at, isObject, listOf } from "./read.ts";
import type { Condition, Statement } from "./statement.ts";

export type { Condition, Statement };

/**
 * The statements of a policy given as JSON text or object; none when absent or empty, as providers return it.
 * Throws where the text is not JSON, which AWS would refuse as well.
 */
export function statementsOf(policy: unknown): readonly Statement[] {
  if (typeof policy !== "string") return read(policy);
  const known = parsed.get(policy);
  if (known) return known;
  const statements = policy === "" ? [] : read(parse(policy));
  if (parsed.size >= 500) parsed.clear();
  parsed.set(policy, statements);
  return statements;
}

/** Many rules ask for the same few texts. */
const parsed = new Map<string, readonly Statement[]>();

function read(document: unknown): readonly Statement[] {
  return listOf(at(inAnyCase(document), "Statement"))
    .map(inAnyCase)
    .map((statement, index) => ({
      label: `statement ${textOf(at(statement, "Sid")) || index}`,
      effect: textOf(at(statement, "Effect")).toLowerCase() === "deny" ? "Deny" : "Allow",
      actions: texts(at(statement, "Action")),
      notActions: texts(at(statement, "NotAction")),
      resources: texts(at(statement, "Resource")),
      notResources: texts(at(statement, "NotResource")),
      principals: principalsOf(at(statement, "Principal")),
      notPrincipals: principalsOf(at(statement, "NotPrincipal")),
      conditions: conditionsOf(at(statement, "Condition")),
    }));
}

/** IAM reads names of elements in any case; the values of `Effect` and `Sid` are as they are written. */
function inAnyCase(block: unknown): unknown {
  if (!isObject(block)) return block;
  const keys = Object.keys(block);
  if (keys.every((key) => /^[A-Z]/.test(key))) return block;
  const spelled = (key: string) =>
    elements.find((element) => element.toLowerCase() === key.toLowerCase()) ?? key;
  return Object.fromEntries(keys.map((key) => [spelled(key), at(block, [key])]));
}

const elements = [
  "Statement",
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];

/** Whether the statement's actions include this one, e.g. `dynamodb:Scan` by `dynamodb:*`, `*` or a NotAction that spares it. */
export function coversAction({ actions, notActions }: Statement, action: string): boolean {
  const matches = (pattern: string) => like(pattern.toLowerCase(), action.toLowerCase());
  return notActions.length > 0 ? !notActions.some(matches) : actions.some(matches);
}

/** Whether the statement's resources include this ARN. */
export function coversResource({ resources, notResources }: Statement, arn: string): boolean {
  const matches = (pattern: string) => like(pattern, arn);
  return notResources.length > 0 ? !notResources.some(matches) : resources.some(matches);
}

/** Whether anybody at all may be meant: `*`, every account's, or everybody but some. */
export function isAnybody({ principals, notPrincipals }: Statement): boolean {
  return notPrincipals.length > 0 || principals.some((name) => anybody.test(name));
}

const anybody = /^(\*|AWS|CanonicalUser|Federated):(\*|arn:[^:]*:\w+::[^:*]*\*.*)$/;

/** Whether really everybody is meant, as a denial must. */
export const isEverybody = ({ principals }: Statement): boolean =>
  principals.some((name) => /^(AWS|\*):\*$/.test(name));

/**
 * Whether the statement allows anybody at all: everybody is meant, no condition pins the caller to an account,
 * organisation, network or resource, and no other statement of the document denies all but such callers.
 */
export function isOpen(statement: Statement, document: readonly Statement[] = []): boolean {
  return (
    statement.effect === "Allow" &&
    isAnybody(statement) &&
    !pins(statement, "caller") &&
    !document.some((other) => bars(other, statement))
  );
}

/** Whether a statement denies all but fixed callers whatever another one allows. */
function bars(denial: Statement, { actions, notActions, resources, notResources }: Statement) {
  return (
    denial.effect === "Deny" &&
    isEverybody(denial) &&
    deniesAllButFixed(denial) &&
    notActions.length === 0 &&
    actions.every((action) => coversAction(denial, action)) &&
    notResources.length === 0 &&
    resources.every((resource) => coversResource(denial, resource))
  );
}

/** Whether the statement denies everybody all of these actions without TLS. */
export function deniesPlaintext(statement: Statement, actions: readonly string[]): boolean {
  const [condition, ...others] = statement.conditions;
  return (
    statement.effect === "Deny" &&
    isEverybody(statement) &&
    statement.notResources.length === 0 &&
    actions.every((action) => coversAction(statement, action)) &&
    // Every request says whether it came over TLS, so that `IfExists` changes nothing.
    (condition?.operator === "Bool" || condition?.operator === "BoolIfExists") &&
    condition.key === "aws:securetransport" &&
    condition.values.includes("false") &&
    // Conditions are joined by "and": a second one would let some plain requests through.
    others.length === 0
  );
}

/** IAM's wildcards: `*` is any text, `?` any one character; the text may be a pattern itself. Linear in practice: no backtracking into earlier stars. */
export function like(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if ((pattern[p] === "?" && text[t] !== "*") || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  return pattern.slice(p).replaceAll("*", "") === "";
}

function principalsOf(principal: unknown): readonly string[] {
  if (!isObject(principal)) return texts(principal).map((name) => `AWS:${name}`);
  return Object.keys(principal).flatMap((kind) =>
    texts(principal[kind]).map((name) => `${kind}:${name}`),
  );
}

function conditionsOf(condition: unknown): readonly Condition[] {
  if (!isObject(condition)) return [];
  return Object.keys(condition).flatMap((operator) => {
    const keys = condition[operator];
    if (!isObject(keys)) return [];
    return Object.keys(keys).map((key) => ({
      operator,
      key: key.toLowerCase(),
      values: listOf(keys[key]).map(String),
    }));
  });
}

/** An account may be written as a number. */
function texts(value: unknown): readonly string[] {
  return listOf(value)
    .filter((entry) => typeof entry === "string" || typeof entry === "number")
    .map(String);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function parse(text: string): unknown {
  const document = tryParse(text);
  // The parser's own words quote the text, which may be a secret.
  if (!isObject(document)) throw new Error("policy document is not JSON");
  return document;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
