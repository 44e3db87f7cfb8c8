/**
 * `stacks/reading/`: how a stack's config is read: keys, layers that merge, faults in words.
 *
 * Faults of a stack's config in words: where, what was found, what is allowed.
 */
import type { z } from "zod";
import { isSection, type Section } from "./merge.ts";
import { keysAt, type Schema } from "./schema-walk.ts";

type Issue = z.core.$ZodIssue;

/** A part of the config that was validated, alone or merged with others. */
export interface Source {
  /** E.g. `Pulumi.dev.yaml: chatstack:tenants[1]`. */
  readonly where: string;
  /** Whether that is a file, which holds nothing else. */
  readonly isFile?: boolean;
  readonly values: Section;
}

/**
 * `Pulumi.dev.yaml: chatstack:tenants[1].tier: found "gold"; allowed: basic, standard, enterprise`
 *
 * @param schema what was validated.
 * @param sources what it was merged from, the one that wins first. Each fault is told of the one that it is in.
 */
export function describeIssue(
  issue: Issue,
  schema: Schema,
  sources: readonly [Source, ...Source[]],
): string[] {
  const meant = meantBy(issue);
  if (meant.code === "unrecognized_keys") {
    return sources.flatMap((source) => {
      const keys = meant.keys.filter((key) => reaches(source.values, [...meant.path, key]));
      const unknown = keys.map((name) => `"${name}"`).join(", ");
      const allowed = keysAt(schema, meant.path).join(", ");
      const place = placeIn(source, meant.path);
      return keys.length === 0 ? [] : [`${place}: found unknown ${unknown}; allowed: ${allowed}`];
    });
  }
  const place = placeIn(sourceOf(meant.path, sources), meant.path);
  const found = foundBy(meant);
  const shown = found === undefined ? "nothing" : JSON.stringify(found);
  return [`${place}: found ${shown}; allowed: ${allowed(meant)}`];
}

/** Whether a setting is missing, which another layer may give. */
export const isIncomplete = (issue: Issue): boolean => {
  const meant = meantBy(issue);
  return meant.code !== "unrecognized_keys" && foundBy(meant) === undefined;
};

/** Of a union's options, the one that got further is the one that was meant. */
function meantBy(issue: Issue): Issue {
  const inner =
    issue.code === "invalid_union"
      ? issue.errors
          .flat()
          .find(({ path, code }) => path.length > 0 || code === "unrecognized_keys")
      : undefined;
  return inner ? meantBy({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

/** A section of no known kind is at fault in what names its kind. */
function foundBy(issue: Issue): unknown {
  const kind = issue.code === "invalid_union" && "discriminator" in issue && issue.discriminator;
  if (typeof kind !== "string") return issue.input;
  return isSection(issue.input) ? issue.input[kind] : undefined;
}

/** The first that reaches the path; where none does, the one that gets furthest. */
export function sourceOf(
  path: readonly PropertyKey[],
  sources: readonly [Source, ...Source[]],
): Source {
  const [first, ...others] = sources;
  const depth = ({ values }: Source) =>
    path.findLastIndex((_, at) => reaches(values, path.slice(0, at + 1)));
  return others.reduce((best, one) => (depth(one) > depth(best) ? one : best), first);
}

function reaches(values: unknown, [part, ...rest]: readonly PropertyKey[]): boolean {
  if (part === undefined) return true;
  if (typeof values !== "object" || values === null || !Object.hasOwn(values, part)) return false;
  return reaches(Reflect.get(values, part), rest);
}

/** `Pulumi.dev.yaml: chatstack:tenants[1].tier`, or `tenants/dev/acme.yaml: tier`. */
export function placeIn({ where, isFile }: Source, path: readonly PropertyKey[]): string {
  const text = pathText(path);
  if (!isFile) return where + text;
  return text === "" ? where : `${where}: ${text.replace(/^\./, "")}`;
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");

function allowed(issue: Issue): string {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.map(String).join(", ");
    case "invalid_type":
      // Bare in YAML, an account's number or a version is no text.
      return issue.expected === "string" && typeof issue.input === "number"
        ? "string, so write it in quotes"
        : issue.expected;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_union":
      return "options" in issue && issue.options
        ? issue.options.map(String).join(", ")
        : [...new Set(issue.errors.flat().map(allowed))].join(", or ");
    default:
      return issue.message;
  }
}
