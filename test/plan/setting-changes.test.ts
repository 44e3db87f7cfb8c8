/** The changes over which `plan` is held to the engine's previews: every setting, in files that are taken. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseStackConfig } from "../../stacks/config.ts";
import { isSection } from "../../stacks/reading/merge.ts";
import { alternatives, type Schema } from "../../stacks/reading/schema-walk.ts";
import { settings } from "../../stacks/settings.ts";
import {
  changeableTenant,
  egressChanges,
  egressTenant,
  otherChanges,
  otherTenant,
  settingChanges,
  tenantWith,
  titleOf,
} from "../../testing/engine/setting-changes.ts";
import { production } from "../../testing/engine/stacks.ts";

const bases = [
  { of: "the first tenant", base: changeableTenant, changes: settingChanges },
  { of: "the other tenant", base: otherTenant, changes: otherChanges },
  { of: "the tenant with a way out", base: egressTenant, changes: egressChanges },
];

test("every setting that a tenant may have is changed at least once", () => {
  const changed = new Set(
    bases.flatMap(({ base, changes }) =>
      changes.flatMap((change) => differing(base, tenantWith(base, change))),
    ),
  );
  const missed = settingsIn(settings).filter((setting) => !changed.has(setting));
  // Refused in every file: it was a setting once.
  expect(missed, "to be changed in testing/engine/setting-changes.ts").toEqual([
    "table.restoreFrom",
  ]);
});

test("the page of what they do has each of them, as the engine's suite wrote it", () => {
  const page = readFileSync(
    resolve(import.meta.dirname, "../../docs/operations/engine-changes.md"),
    "utf8",
  );
  const written = [...page.matchAll(/^\| `(.+?)` \| (?!not run)/gm)].map(([, title]) => title);
  const titles = bases.flatMap(({ changes }) => changes.map(titleOf));
  expect(written, "npm run test:engine -- -u -t <the change>").toEqual(titles);
});

describe.each(bases)("a change of $of", ({ base, changes }) => {
  test.each(
    changes.map((change) => [titleOf(change), change] as const),
  )("%s is taken", (_, change) => {
    const tenant = tenantWith(base, change);
    expect(tenant).not.toEqual({ ...base });
    expect(() =>
      parseStackConfig(configWith(tenant), "chatstack", "Pulumi.full.yaml"),
    ).not.toThrow();
  });
});

function configWith(tenant: Record<string, unknown>): Record<string, string> {
  const secret = { "chatstack:fullDirectorySecret": "s3cret" };
  const isRead = JSON.stringify(tenant).includes("fullDirectorySecret");
  const values = Object.entries({ ...production([tenant]), ...(isRead && secret) });
  return Object.fromEntries(
    values.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Paths of the settings; members of a record are `*`, and a choice among objects is those of each. */
function settingsIn(schema: Schema, at: readonly string[] = []): string[] {
  const found = alternatives(schema).flatMap((one) => {
    if (one instanceof z.ZodRecord) return settingsIn(one.valueType, [...at, "*"]);
    if (one instanceof z.ZodDiscriminatedUnion) {
      return one.options.flatMap((option) => settingsIn(option, at));
    }
    if (!(one instanceof z.ZodObject)) return [at.join(".")];
    return Object.entries(one.shape).flatMap(([key, member]) => settingsIn(member, [...at, key]));
  });
  return [...new Set(found)];
}

/** Settings of which only one of the two speaks, or which they say in different ways. */
function differing(left: unknown, right: unknown, at: readonly string[] = []): string[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const [was, is] = [sectionOf(left), sectionOf(right)];
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  const inner = [...keys].flatMap((key) => differing(was[key], is[key], [...at, key]));
  return isSection(left) && isSection(right) ? inner : [nameOf(at), ...inner];
}

const sectionOf = (value: unknown) => (isSection(value) ? value : {});

const records = ["auth.clients", "auth.identityProviders", "api.modelLimits", "api.guardrails"];

function nameOf([area = "", setting = "", member, ...rest]: readonly string[]): string {
  const isMember = member !== undefined && records.includes(`${area}.${setting}`);
  return [area, setting, isMember ? "*" : member, ...rest].filter(Boolean).join(".");
}
