import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { retainSettings } from "../../components/retain.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { holdings, isOfRecordKeeper, kindOf } from "../../policies/tenancy/holdings.ts";
import { retainDocument } from "../../scripts/retain-doc/document.ts";
import type { Settings } from "../../stacks/settings.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

/** Everything that a tenant can have, twice where it must choose. */
const companions: Settings = {
  archive: {},
  audit: {},
  network: {},
  monitoring: { notify: ["operators@full.example"], monthlyBudget: 100 },
};

const evaluated = new Map<Settings["retain"], Promise<ResourceRecord[]>>();

const recordsUnder = (retain: Settings["retain"]): Promise<ResourceRecord[]> => {
  const records = evaluated.get(retain) ?? evaluateUnder(retain);
  evaluated.set(retain, records);
  return records;
};

const evaluateUnder = async (retain: Settings["retain"]): Promise<ResourceRecord[]> => {
  const found: ResourceRecord[] = [];
  for (const settings of [fullestSettings, otherSettings]) {
    const { records } = await evaluateFullest({ ...settings, ...companions, retain });
    found.push(...records.filter(({ custom }) => custom));
  }
  return found;
};

/** Other stacks of the account use them, so the program keeps them whatever a tenant's `retain` says. */
const belongsToAccount = ({ name }: ResourceRecord) => name === "api-gateway-logs";

describe.each(retainSettings)("retain: %s", (retain) => {
  test("applies to what holds or guards data, and to nothing else", async () => {
    const wrong = (await recordsUnder(retain))
      .filter((record) => !belongsToAccount(record))
      .flatMap(({ type, name, urn, options: { protect, retainOnDelete } }) => {
        const isKept = kindOf(type) === "data" || kindOf(type) === "guard";
        const wanted = {
          protect: isKept && retain === "protect" && !isOfRecordKeeper(urn),
          retainOnDelete: isKept && retain !== "destroy",
        };
        const isRight = protect === wanted.protect && retainOnDelete === wanted.retainOnDelete;
        return isRight ? [] : [{ type, name, found: { protect, retainOnDelete }, wanted }];
      });
    expect(wrong).toEqual([]);
  });
});

test("every resource that a tenant can have has its place in the table, once", async () => {
  const made = new Set((await recordsUnder("protect")).map(({ type }) => type));
  expect([...made].filter((type) => kindOf(type) === undefined)).toEqual([]);
  const listed = holdings.flatMap(({ types }) => types);
  expect(listed.length).toBe(new Set(listed).size);
});

/** Replaced by a new one first, these would end up deleted: the old one's deletion hits the new one. */
const oneOfAKind = [
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  "aws:cognito/identityProvider:IdentityProvider",
  "aws:cognito/managedLoginBranding:ManagedLoginBranding",
  "aws:cognito/userPoolDomain:UserPoolDomain",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
];

test("what its owner has only one of is deleted before it is replaced", async () => {
  const records = (await recordsUnder("protect")).filter(({ type }) => oneOfAKind.includes(type));
  expect([...new Set(records.map(({ type }) => type))].toSorted()).toEqual(oneOfAKind);
  for (const { urn, options } of records) {
    expect({ urn, first: options.deleteBeforeReplace }).toEqual({ urn, first: true });
  }
});

test("docs/operations/retain.md lists the table as it is", () => {
  const file = new URL("../../docs/operations/retain.md", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(retainDocument());
});
