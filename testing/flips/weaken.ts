/**
 * Every way to weaken one value, found by walking it: no setting is named here, so a setting that nobody
 * thought of is tried like any other.
 */

export type FlipKind =
  | "flipped"
  | "weaker value"
  | "removed"
  | "at an end"
  | "emptied"
  | "widened"
  | "resource removed";

export interface Weakening {
  /** Keys from the inputs down to what changes; list positions as numbers. */
  readonly path: readonly (string | number)[];
  readonly kind: FlipKind;
  /** The inputs after the change. A number has two ends, and one of them may be the strong one. */
  readonly alternatives: readonly unknown[];
  /** Which part of a policy document: `TlsOnly Action`. */
  readonly part?: string;
}

/** What to put in the place of a value; `removed` takes its key or place away. */
const removed = Symbol("removed");

export function* weakenings(inputs: unknown): Generator<Weakening> {
  for (const { values, ...change } of walk(inputs, [])) {
    yield { ...change, alternatives: values.map((value) => replaced(inputs, change.path, value)) };
  }
}

interface Change {
  readonly path: readonly (string | number)[];
  readonly kind: FlipKind;
  readonly values: readonly unknown[];
  readonly part?: string;
}

function* walk(value: unknown, path: readonly (string | number)[]): Generator<Change> {
  const isPart = path.length > 0;
  // An absent flag is a false one.
  if (isPart && value !== false) yield { path, kind: "removed", values: [removed] };
  if (typeof value === "boolean") yield { path, kind: "flipped", values: [!value] };
  if (typeof value === "number") yield { path, kind: "at an end", values: ends(value) };
  if (typeof value === "string") yield* walkText(value, path);
  if (typeof value !== "object" || value === null) return;
  if (isPart && Object.keys(value).length > 0) {
    yield { path, kind: "emptied", values: [Array.isArray(value) ? [] : {}] };
  }
  for (const wider of widenedList(value)) yield { path, kind: "widened", values: [wider] };
  const entries = Array.isArray(value) ? value.map((part, i) => [i, part]) : Object.entries(value);
  for (const [key, part] of entries) yield* walk(part, [...path, key]);
}

const ends = (value: number) => [1, 1_000_000].filter((end) => end !== value);

function* walkText(text: string, path: readonly (string | number)[]): Generator<Change> {
  for (const weaker of weakerTexts(text)) yield { path, kind: "weaker value", values: [weaker] };
  // Who may call is a matter of ARNs; what is called, or with which key, has no weaker ARN.
  if (/source|principal/i.test(`${path.at(-1)}`) && text.startsWith("arn:")) {
    yield { path, kind: "weaker value", values: ["*"] };
  }
  const document = policyDocument(text);
  if (!document) return;
  for (const { part, wider } of widenedDocuments(document)) {
    yield { path, kind: "widened", values: [JSON.stringify(wider)], part };
  }
}

/** Words that AWS's APIs use for more and for less protection: the less of each. */
const weakerWords: Readonly<Record<string, readonly string[]>> = {
  Active: ["PassThrough"],
  ACTIVE: ["INACTIVE"],
  ENABLED: ["DISABLED"],
  Enabled: ["Disabled", "Suspended"],
  ENFORCED: ["AUDIT", "OFF"],
  ON: ["OPTIONAL", "OFF"],
  BLOCK: ["NO_ACTION"],
  MFA_REQUIRED: ["NO_ACTION"],
  JSON: ["Text"],
  INFO: ["OFF"],
  ERROR: ["OFF"],
  STREAM: ["BUFFERED"],
  BucketOwnerEnforced: ["BucketOwnerPreferred", "ObjectWriter"],
  "aws:kms": ["AES256"],
  "aws:kms:dsse": ["AES256"],
  COGNITO_USER_POOLS: ["NONE"],
  AWS_IAM: ["NONE"],
  PLUS: ["ESSENTIALS", "LITE"],
  ESSENTIALS: ["LITE"],
  COMPLIANCE: ["GOVERNANCE"],
  "nodejs24.x": ["nodejs16.x"],
  PROVISIONED: ["PAY_PER_REQUEST"],
  DROP: ["KEEP"],
};

function weakerTexts(text: string): readonly string[] {
  if (text.startsWith("https://")) return [text.replace("https://", "http://")];
  if (/^TLS|^SecurityPolicy_/.test(text)) return ["TLS_1_0"];
  return weakerWords[text] ?? [];
}

/** Lists to which one more entry may be the hole. */
function* widenedList(value: object): Generator<unknown> {
  if (!Array.isArray(value)) return;
  const texts = value.filter((entry) => typeof entry === "string");
  const wider = [
    ["ALLOW_", "ALLOW_USER_PASSWORD_AUTH"],
    ["ALLOW_", "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    ["code", "implicit"],
    ["https://", "*"],
  ] as const;
  for (const [sign, entry] of wider) {
    if (texts.some((text) => text.startsWith(sign)) && !texts.includes(entry)) {
      yield [...value, entry];
    }
  }
}

interface Document {
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

function policyDocument(text: string): Document | undefined {
  if (!text.startsWith("{") || !text.includes('"Statement"')) return undefined;
  const { Statement, ...rest } = JSON.parse(text);
  return { ...rest, Statement: Array.isArray(Statement) ? Statement : [Statement] };
}

/** Policies with one statement that allows more, or denies less. */
function* widenedDocuments(document: Document): Generator<{ part: string; wider: Document }> {
  for (const [index, statement] of document.Statement.entries()) {
    const label = `${statement.Sid ?? index}`;
    for (const [field, others] of widenedStatements(statement)) {
      const wider = { ...document, Statement: document.Statement.toSpliced(index, 1, ...others) };
      yield { part: `${label} ${field}`, wider };
    }
  }
}

type Statement = Document["Statement"][number];

function* widenedStatements(statement: Statement): Generator<[field: string, Statement[]]> {
  const actions = listOf(statement.Action);
  const resources = listOf(statement.Resource);
  if (statement.Effect === "Deny") {
    yield ["Statement", []];
    yield ["Action", [{ ...statement, Action: "none:Nothing" }]];
    if (resources.length < 2) return;
    for (const [index] of resources.entries()) {
      yield ["Resource", [{ ...statement, Resource: resources.toSpliced(index, 1) }]];
    }
    return;
  }
  const services = new Set(actions.map((action) => `${action}`.split(":")[0]));
  for (const action of [...services].map((service) => `${service}:*`).concat("*")) {
    if (!actions.includes(action)) yield ["Action", [{ ...statement, Action: action }]];
  }
  const { Condition, ...unconditional } = statement;
  if (Condition !== undefined) yield ["Condition", [unconditional]];
  for (const field of ["Resource", "Principal"]) {
    const isGiven = statement[field] !== undefined && !listOf(statement[field]).includes("*");
    if (isGiven) yield [field, [{ ...statement, [field]: "*" }]];
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value) && typeof key === "number") {
    const next = replaced(value[key], rest, by);
    return next === removed ? value.toSpliced(key, 1) : value.with(key, next);
  }
  const fields: Record<string, unknown> = { ...Object(value) };
  const next = replaced(fields[key], rest, by);
  if (next === removed) delete fields[key];
  else fields[key] = next;
  return fields;
}
