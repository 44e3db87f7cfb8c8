import * as aws from "@pulumi/aws";
import { describe, expect, test } from "vitest";
import { AuthPool } from "../../components/auth-pool/auth-pool.ts";
import { ChatApi } from "../../components/chat-api/chat-api.ts";
import { ChatTable, type ChatTableArgs } from "../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../components/document-bucket/document-bucket.ts";
import { evaluate } from "../../offline/evaluate.ts";
import { compare } from "../../offline/plan/compare.ts";
import { type Comparison, isSafe } from "../../offline/plan/comparison.ts";
import { comparisonText } from "../../offline/plan/show/text.ts";
import type { Settings } from "../../stacks/settings.ts";
import { TenantStack } from "../../stacks/tenant-stack.ts";
import { evaluateFullest, fullestSettings } from "../../testing/stacks/fullest-tenant.ts";

const acme = { tenant: "acme" };

async function comparisonOf(before: () => unknown, after: () => unknown): Promise<Comparison> {
  const [left, right] = await Promise.all([evaluate(before), evaluate(after)]);
  return compare(left.records, right.records);
}

const fullest = async (settings: Settings): Promise<Comparison> => {
  const [left, right] = [await evaluateFullest(fullestSettings), await evaluateFullest(settings)];
  return compare(left.records, right.records);
};

/** `Record full-api: replaced` for each change. */
const kindsOf = ({ changes }: Comparison) =>
  changes.map(({ type, name, kind }) => `${type.split(":")[2]} ${name}: ${kind}`);

const textOf = (comparison: Comparison) =>
  comparisonText(comparison, { width: 120, paint: (_, text) => text });

test("another domain replaces its certificate, the validation, the mapping and both records", async () => {
  const api = (name: string) => () =>
    new ChatApi("api", {
      ...acme,
      table: new ChatTable("chat", acme),
      documents: new DocumentBucket("documents", acme),
      auth: new AuthPool("users", acme),
      domain: { name, hostedZoneId: "Z1" },
    });
  const comparison = await comparisonOf(api("chat.acme.example"), api("talk.acme.example"));
  const replaced = comparison.changes.filter(({ kind }) => kind === "replaced");
  expect(replaced.map(({ type }) => type.split(":")[2]).sort()).toEqual([
    "BasePathMapping",
    "Certificate",
    "CertificateValidation",
    "DomainName",
    "Record",
    "Record",
  ]);
});

describe("adopting a restored table", () => {
  const table = (args: Partial<ChatTableArgs>) => () =>
    new ChatTable("chat", { ...acme, retain: "protect", backups: {}, ...args });

  test("under protect is neither a loss nor refused: the former table stays in the account", async () => {
    const comparison = await comparisonOf(table({}), table({ adopt: "restored" }));
    const adopted = comparison.changes.find(({ type }) => type.endsWith(":Table"));
    expect(adopted).toMatchObject({
      kind: "replaced",
      fate: "left-behind",
      options: [{ option: "import", after: "restored" }],
    });
    expect(comparison.losses).toEqual([]);
    expect(comparison.refusals.filter(({ urn }) => urn.includes(":Table::"))).toEqual([]);
    expect(textOf(comparison)).toContain("~ restored takes the place of");
  });

  test("loses the former one where it is not retained", async () => {
    const comparison = await comparisonOf(
      table({ retain: "destroy" }),
      table({ retain: "destroy", adopt: "restored" }),
    );
    expect(comparison.losses).toMatchObject([
      { reason: expect.stringContaining("the existing restored would take its place") },
    ]);
  });

  test("once deployed is no change any more", async () => {
    const { changes } = await comparisonOf(
      table({ adopt: "restored" }),
      table({ adopt: "restored" }),
    );
    expect(changes).toEqual([]);
  });
});

describe("DynamoDB", () => {
  const table = (args: Partial<aws.dynamodb.TableArgs>) => () => {
    new aws.dynamodb.Table("t", { hashKey: "pk", ...args });
  };

  test("lowers warm throughput never: the provider refuses it in the preview", async () => {
    const warm = (readUnitsPerSecond: number) =>
      table({ warmThroughput: { readUnitsPerSecond, writeUnitsPerSecond: 4_000 } });
    const fallen = await comparisonOf(warm(13_000), warm(12_000));
    expect(fallen.refusals).toMatchObject([
      {
        reason: expect.stringMatching(
          /would fall from 13000 to 12000.*cannot be decreased.*Ask for 13000 or more, or leave it out/,
        ),
      },
    ]);
    expect((await comparisonOf(warm(13_000), table({}))).refusals).toEqual([]);
    expect(isSafe(fallen)).toBe(false);
    expect((await comparisonOf(warm(12_000), warm(13_000))).refusals).toEqual([]);
  });

  test("makes a replica again for another key, and the table stays", async () => {
    const replica = (kmsKeyArn: string) =>
      table({ replicas: [{ regionName: "eu-west-1", kmsKeyArn }] });
    const comparison = await comparisonOf(replica("arn:1"), replica("arn:2"));
    expect(comparison.changes).toMatchObject([
      { kind: "changed", properties: [{ recreates: "the replica", replaces: false }] },
    ]);
    expect(textOf(comparison)).toContain("(makes the replica again)");
  });

  test("takes attributes, indexes and replicas as sets", async () => {
    const gsi = (name: string, ...nonKeyAttributes: string[]) => ({
      name,
      hashKey: name,
      projectionType: "INCLUDE",
      nonKeyAttributes,
    });
    const attributes = ["pk", "a", "b"].map((name) => ({ name, type: "S" }));
    const replicas = [{ regionName: "eu-west-1" }, { regionName: "us-west-2" }];
    const { changes } = await comparisonOf(
      table({ attributes, replicas, globalSecondaryIndexes: [gsi("a", "x", "y"), gsi("b")] }),
      table({
        attributes: attributes.toReversed(),
        replicas: replicas.toReversed(),
        globalSecondaryIndexes: [gsi("b"), gsi("a", "y", "x")],
      }),
    );
    expect(changes).toEqual([]);
  });
});

test("Cognito takes flows, addresses and scopes as sets, and S3 the order of its rules as it is", async () => {
  const made = (order: <T>(list: T[]) => T[]) => () => {
    new aws.cognito.UserPoolClient("c", {
      userPoolId: "us-east-1_abc",
      explicitAuthFlows: order(["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
      callbackUrls: order(["https://a.example", "https://b.example"]),
      allowedOauthScopes: order(["openid", "email"]),
    });
    new aws.s3.BucketLifecycleConfiguration("l", {
      bucket: "b",
      rules: order([
        { id: "a", status: "Enabled" },
        { id: "b", status: "Enabled" },
      ]),
    });
  };
  const comparison = await comparisonOf(
    made((list) => list),
    made((list) => list.toReversed()),
  );
  expect(kindsOf(comparison)).toEqual(["BucketLifecycleConfiguration l: changed"]);
});

describe("a pool has one domain of a kind", () => {
  const domain =
    (prefix: string, options = {}) =>
    () => {
      new aws.cognito.UserPoolDomain("d", { userPoolId: "p", domain: prefix }, options);
    };

  test("a changed prefix is refused where the old one stays, or goes only afterwards", async () => {
    for (const options of [
      {},
      { retainOnDelete: true },
      { retainOnDelete: true, deleteBeforeReplace: true },
    ]) {
      const { refusals } = await comparisonOf(domain("a", options), domain("b", options));
      expect(refusals).toMatchObject([
        { reason: expect.stringContaining("a pool has one prefix domain") },
      ]);
    }
  });

  test("and taken where the old one goes before", async () => {
    const options = { deleteBeforeReplace: true };
    const { changes, refusals } = await comparisonOf(domain("a", options), domain("b", options));
    expect(changes).toMatchObject([{ kind: "replaced", fate: "deleted" }]);
    expect(refusals).toEqual([]);
  });
});

describe("a name that AWS gives once", () => {
  const domains =
    (names: Readonly<Record<string, string>>, options = {}) =>
    () => {
      for (const [owner, domainName] of Object.entries(names)) {
        const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
        new aws.apigateway.DomainName(owner, { domainName, certificateArn }, options);
      }
    };
  const [chat, talk] = ["chat.example", "talk.example"];

  test("is refused to another resource in the update in which it is left", async () => {
    for (const [before, after, options] of [
      [{ one: chat }, { two: chat }, {}],
      [{ one: chat }, { two: chat }, { retainOnDelete: true }],
      [{ one: chat, two: talk }, { one: talk, two: chat }, {}],
    ] as const) {
      const { refusals } = await comparisonOf(domains(before, options), domains(after, options));
      expect(refusals).toContainEqual({
        urn: expect.stringMatching(/DomainName::two$/),
        reason: expect.stringContaining('would have the name "chat.example" of one, which'),
      });
    }
  });

  test("is taken in the next one, and kept by its own resource", async () => {
    for (const [before, after] of [
      [{ one: chat }, {}],
      [{}, { two: chat }],
      [{ one: chat }, { one: chat, two: talk }],
      [{ one: chat }, { one: talk }],
    ] as const) {
      expect((await comparisonOf(domains(before), domains(after))).refusals).toEqual([]);
    }
  });

  test("is refused to a tenant that is the former one by another name", async () => {
    const { managedLogin } = fullestSettings.auth;
    const stack = (id: string) => () => {
      const settings: Settings = { retain: "retain", auth: { managedLogin } };
      new TenantStack(id, { tenant: id, tier: "standard", settings, tags: {} });
    };
    const { refusals } = await comparisonOf(stack("acme"), stack("acme-two"));
    expect(refusals).toMatchObject([
      { reason: expect.stringContaining('the name "full-chat" of acme-users, which goes') },
    ]);
  });
});

describe("a compliance lock that has closed", () => {
  const lockOf =
    (minRetentionDays: number, options = {}) =>
    () => {
      const bounds = { backupVaultName: "v", minRetentionDays, changeableForDays: 3 };
      new aws.backup.VaultLockConfiguration("l", bounds, { deleteBeforeReplace: true, ...options });
    };
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  /** As a state has it: with the day on which it was made. */
  const planned = async (made: string | undefined, after: () => void, options = {}) => {
    const [left, right] = [await evaluate(lockOf(30, options)), await evaluate(after)];
    const deployed = left.records.map((record) =>
      record.type.includes("VaultLock") && made ? { ...record, created: made } : record,
    );
    return compare(deployed, right.records).refusals.map(({ reason }) => reason);
  };
  const closed = [expect.stringContaining("compliance lock that closed")];

  test("by its days: it is neither changed nor removed", async () => {
    expect(await planned(daysAgo(4), lockOf(60))).toEqual(closed);
    expect(await planned(daysAgo(4), () => undefined)).toEqual(closed);
    expect((await planned(daysAgo(4), lockOf(60))).join()).toContain(daysAgo(1).slice(0, 10));
  });

  test("by what the file says: it is not changed, and leaves with its vault", async () => {
    const retained = { retainOnDelete: true };
    expect(await planned(undefined, lockOf(60, retained), retained)).toEqual(closed);
    expect(await planned(daysAgo(1), lockOf(60, retained))).toEqual(closed);
    expect(await planned(undefined, () => undefined, retained)).toEqual([]);
  });

  test("before its days are over it may be changed, and removed", async () => {
    expect(await planned(daysAgo(2), lockOf(60))).toEqual([]);
    expect(await planned(daysAgo(2), () => undefined)).toEqual([]);
    // Deployed by a version that retained every resource.
    expect(await planned(daysAgo(2), lockOf(60), { retainOnDelete: true })).toEqual([]);
    expect(await planned(daysAgo(400), lockOf(30))).toEqual([]);
  });
});

test("a component that goes is one loss and one line, however many resources it has", async () => {
  const { archive: _, ...rest } = { ...fullestSettings, archive: undefined };
  const left = await evaluateFullest({ ...rest, retain: "retain", archive: {} });
  const right = await evaluateFullest({ ...rest, retain: "retain", archive: "off" });
  const comparison = compare(left.records, right.records);
  const ofArchive = comparison.losses.filter(({ urn }) => urn.includes("ChatArchive"));
  expect(ofArchive).toMatchObject([
    {
      reason: expect.stringMatching(/this component of it goes: .*stays in the account, unmanaged/),
    },
  ]);
  const goes = textOf(comparison).match(/^ {2}- .*/gm) ?? [];
  expect(goes.filter((line) => line.includes("ChatArchive"))).toHaveLength(1);
});

test("retention, recovery and history of a tenant are told as the losses that they are", async () => {
  const { losses } = await fullest({
    ...fullestSettings,
    documents: { ...fullestSettings.documents, noncurrentVersionDays: 1 },
    table: { ...fullestSettings.table, recoveryDays: 7 },
    history: "s3",
    api: { ...fullestSettings.api, logRetentionDays: 1 },
  });
  const told = losses.map(({ reason }) => reason).join("\n");
  for (const lost of [
    /versions of overwritten/,
    /fall from \d+ days to 7 days/,
    /older log lines/,
    /conversations/,
  ]) {
    expect(told).toMatch(lost);
  }
});

describe("an alias of a function's versions", () => {
  const versions = (settings: Partial<aws.lambda.FunctionArgs>) => () => {
    const role = "arn:aws:iam::123456789012:role/app";
    const app = new aws.lambda.Function("app", { role, publish: true, ...settings });
    new aws.lambda.Alias("live", { functionName: app.name, functionVersion: app.version });
  };

  test("moves to the version that another configuration makes", async () => {
    const comparison = await comparisonOf(versions({}), versions({ memorySize: 512 }));
    expect(kindsOf(comparison)).toEqual(["Function app: changed", "Alias live: changed"]);
  });

  test("weighs that version, where another one is the stable one", async () => {
    const canary = (memorySize: number) => () => {
      const role = "arn:aws:iam::123456789012:role/app";
      const app = new aws.lambda.Function("app", { role, publish: true, memorySize });
      new aws.lambda.Alias("live", {
        functionName: app.name,
        functionVersion: "12",
        routingConfig: app.version.apply((newest) => ({
          additionalVersionWeights: { [newest]: 0.05 },
        })),
      });
    };
    const comparison = await comparisonOf(canary(128), canary(512));
    expect(kindsOf(comparison)).toEqual(["Function app: changed", "Alias live: changed"]);
    expect(comparison.changes.at(-1)?.properties).toEqual([
      { path: "routingConfig", kind: "follows", replaces: false },
    ]);
  });

  test("stays where only tags or the reserved concurrency change, or no version is published", async () => {
    const other = { tags: { team: "chat" }, reservedConcurrentExecutions: 5 };
    expect(kindsOf(await comparisonOf(versions({}), versions(other)))).toEqual([
      "Function app: changed",
    ]);
    const comparison = await comparisonOf(
      versions({ publish: false }),
      versions({ publish: false, memorySize: 512 }),
    );
    expect(kindsOf(comparison)).toEqual(["Function app: changed"]);
  });
});

test("what is named after an automatic name is replaced with the resource that has it", async () => {
  const testing = (kmsKeyArn: string, name?: string) => () => {
    const vault = new aws.backup.Vault("chat", { name, kmsKeyArn });
    new aws.backup.RestoreTestingPlan("chat", {
      name: vault.name.apply((name) => name.replaceAll("-", "_")),
      scheduleExpression: "cron(0 12 ? * MON *)",
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        includeVaults: [vault.arn],
        recoveryPointTypes: ["SNAPSHOT"],
      },
    });
  };
  const key = (id: string) => `arn:aws:kms:us-east-1:123456789012:key/${id}`;
  const comparison = await comparisonOf(testing(key("one")), testing(key("other")));
  expect(kindsOf(comparison)).toEqual([
    "Vault chat: replaced",
    "RestoreTestingPlan chat: replaced",
  ]);
  const named = await comparisonOf(
    testing(key("one"), "chat-0123abc"),
    testing(key("other"), "chat-0123abc"),
  );
  expect(kindsOf(named), "a name that the program gives stays").toEqual([
    "Vault chat: replaced",
    "RestoreTestingPlan chat: changed",
  ]);
});
