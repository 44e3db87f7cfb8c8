/** Usage and prices that people write down: read, validated, and refused with path, found and allowed. */
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { readText } from "../files/files.ts";
import { UsageError } from "../usage-error.ts";
import { type PriceTable, pricesOf, usEast1 } from "./prices/prices.ts";
import { type UsageProfile, type UsageSettings, usageSettings } from "./usage.ts";

const usageFile = z.strictObject({
  default: usageSettings.optional(),
  tiers: z.record(z.string(), usageSettings).optional(),
  tenants: z.record(z.string(), usageSettings).optional(),
});

/** Tenants and tiers that usage may be said of. */
export interface Known {
  readonly tenants: readonly string[];
  readonly tiers: readonly string[];
}

/** @throws UsageError naming file, path, what was found and what is allowed. */
export function readUsageProfile(file: string, known: Known): UsageProfile {
  const profile = validate(file, parseYaml(file), usageFile);
  for (const kind of ["tenants", "tiers"] as const) {
    const unknown = Object.keys(profile[kind] ?? {}).find((name) => !known[kind].includes(name));
    if (unknown !== undefined) {
      throw new UsageError(
        `${file}: ${kind}: found unknown "${unknown}"; allowed: ${known[kind].join(", ")}`,
      );
    }
  }
  return profile;
}

/** `["users=500", "model=amazon.nova-pro-v1:0"]`, as `--set` takes them. */
export function parseSettings(pairs: readonly string[]): UsageSettings {
  const values = pairs.map((pair) => {
    const [field = "", ...rest] = pair.split("=");
    const text = rest.join("=");
    return [field, text !== "" && Number.isFinite(Number(text)) ? Number(text) : text];
  });
  return validate("--set", Object.fromEntries(values), usageSettings);
}

const price = z.strictObject({
  amount: z.stringFormat("decimal", /^\d+(\.\d+)?$/),
  per: z.union([1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].map((power) => z.literal(power))),
  unit: z.string().optional(),
  source: z.string().optional(),
  asOf: z.iso.date().optional(),
  confirmed: z.boolean().optional(),
});

const priceFile = z.strictObject({
  region: z.string(),
  currency: z.string().default(usEast1.currency),
  asOf: z.iso.date(),
  prices: z.record(z.string(), price),
});

/**
 * @param what a region of which prices are known, or a file, whose prices go over those that are known of its region.
 * @throws UsageError naming file, path, what was found and what is allowed.
 */
export function readPriceTable(what: string): PriceTable {
  return pricesOf(what) ?? readPriceFile(what);
}

function readPriceFile(file: string): PriceTable {
  const { prices, ...table } = validate(file, parseYaml(file), priceFile);
  const known = table.currency === usEast1.currency ? pricesOf(table.region) : undefined;
  const own = Object.entries(prices).map(([id, { amount, per, ...about }]) => {
    const { unit = id, source = file, confirmed = true, ...day } = { ...describe(id), ...about };
    return [id, { amount, per, unit, source, confirmed, ...day }] as const;
  });
  return { ...table, prices: { ...known?.prices, ...Object.fromEntries(own) } };
}

/** What a price is for, where the built-in table knows it. */
const describe = (id: string): { unit?: string } => {
  const known = usEast1.prices[id];
  return known ? { unit: known.unit } : {};
};

function parseYaml(file: string): unknown {
  const text = readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (!fault) return document.toJS() ?? {};
  const { line } = lines.linePos(fault.pos[0]);
  throw new UsageError(`${file}:${line}: not valid YAML: ${fault.message.split("\n")[0]}`);
}

function validate<T>(where: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => explain(where, issue, schema)).join("\n"),
  );
}

/** `usage.yaml: tenants.acme.users: found -1; allowed: at least 0` */
function explain(where: string, issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const path = issue.path.map(String).join(".");
  const at = path ? `${where}: ${path}` : where;
  if (issue.code === "unrecognized_keys") {
    const found = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${at}: found unknown ${found}; allowed: ${keysAt(schema, issue.path).join(", ")}`;
  }
  const found = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  return `${at}: found ${found}; allowed: ${allowed(issue)}`;
}

function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  const [part, ...rest] = path;
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return part === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(part)], rest);
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int" ? "a whole number" : `a ${issue.expected}`;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_format":
      return issue.format === "date" ? "a day, YYYY-MM-DD" : 'a number as text, e.g. "0.625"';
    case "invalid_union":
      return "1 or another power of ten, up to 1,000,000,000";
    default:
      return issue.message;
  }
}
