import { expect, test } from "vitest";
import { withProviders } from "../../offline/check/pack/providers.ts";
import { viewOf } from "../../offline/check/pack/view.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { type Finding, indexStack, judgeStack } from "../../policies/judge.ts";
import { rules } from "../../policies/rules.ts";
import { plainStack, unknown } from "../../policies/testing.ts";
import { evaluateFullest, fullestSettings } from "../../testing/stacks/fullest-tenant.ts";

/** Output-only, and computed where the program is silent, as a first preview sees them. */
const computed = [
  ...["arn", "bucket", "id", "name", "policy", "region", "tagsAll", "versioning", "logging"],
  ...["serverSideEncryptionConfiguration", "lifecycleRules", "objectLockConfiguration", "grants"],
  ...["replicationConfiguration", "corsRules", "acl", "website", "kmsKeyArn", "kmsMasterKeyId"],
  ...["logConfig", "invokeArn", "url", "policyText", "streamArn", "keyId", "endpoint"],
];

const asPreviewed = (record: ResourceRecord): ResourceRecord => {
  const names = new Set([...computed, ...Object.keys(record.outputs)]);
  const silent = [...names].filter((name) => record.custom && !(name in record.inputs));
  return {
    ...record,
    outputs: { ...record.outputs, ...Object.fromEntries(silent.map((name) => [name, unknown])) },
  };
};

/** What the stack rules say, as `rule resource`. */
function verdicts(records: readonly ResourceRecord[]): string[] {
  const stack = indexStack(
    viewOf(withProviders(records, "chatstack", "full", {}), "outputs"),
    plainStack,
  );
  const said = ({ rule, urn, verdict }: Finding) => `${verdict} ${rule} ${urn.split("::").at(-1)}`;
  return rules
    .flatMap((rule) => (rule.kind === "stack" ? judgeStack(rule, stack).map(said) : []))
    .toSorted();
}

test("a first preview says of every resource, and of each that is missing, what the update says", async () => {
  const { records } = await evaluateFullest({ ...fullestSettings, archive: {}, audit: {} });
  const named = new Set(
    records.flatMap(({ propertyDependencies, options }) => [
      ...Object.values(propertyDependencies).flat(),
      ...options.dependencies,
    ]),
  );
  const leaves = records.filter(({ urn, custom }) => custom && !named.has(urn));
  // One of each type will do: rules go by type.
  const missing = [undefined, ...Map.groupBy(leaves, ({ type }) => type).values()];
  for (const [left] of missing.map((group) => group ?? [undefined])) {
    const rest = records.filter((record) => record !== left);
    expect({ without: left?.type, says: verdicts(rest.map(asPreviewed)) }).toEqual({
      without: left?.type,
      says: verdicts(rest),
    });
  }
});
