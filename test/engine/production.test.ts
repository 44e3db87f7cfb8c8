/** Production under `retain: protect`: what the file says is what the account has, and no data goes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entriesOf } from "../../offline/fields.ts";
import { Deployment, dataTypes } from "../../testing/engine/deployment.ts";
import { EngineProject, missingEngine } from "../../testing/engine/project.ts";
import { changeableTenant } from "../../testing/engine/setting-changes.ts";

const missing = missingEngine();
const skipped = missing ? ` (skipped: ${missing})` : "";

/** Everything on. */
const { Directory, ...providers } = changeableTenant.auth.identityProviders;
const full = {
  ...changeableTenant,
  retain: "protect",
  documents: {
    ...changeableTenant.documents,
    corsOrigins: ["https://app.full.example", "https://revoked.example"],
  },
  // The other provider's secret would need a key of the stack's.
  auth: { ...changeableTenant.auth, identityProviders: providers },
};

type Section = "table" | "documents" | "auth" | "api";
type Sections = Readonly<Record<Section, Readonly<Record<string, unknown>>>>;
type Tenant = Readonly<Record<string, unknown>> & Sections;

describe.skipIf(missing)(`a protected tenant with everything on${skipped}`, () => {
  const project = new EngineProject();
  let production: Deployment;
  let now: Tenant = full;
  /** What the engine calls them: by these they must be found after every change. */
  let dataBefore: string[];

  const data = () =>
    Object.values(dataTypes).flatMap((type) => production.inAccount(type).map(({ id }) => id));
  const change = async (next: Tenant) => {
    now = next;
    await production.changeTo(next);
  };

  beforeAll(async () => {
    production = await Deployment.of(project, "full", [full]);
    dataBefore = data();
  });
  afterAll(() => project.remove());

  test("is settled after one `up`", () => production.settled());

  test("its backups are kept for longer", async () => {
    const backups = { ...full.table.backups, retentionDays: 60 };
    await change({ ...now, table: { ...full.table, backups } });
    const [plan] = production.inAccount("backup/plan:Plan");
    expect(JSON.stringify(plan?.props.rules)).toContain('"deleteAfter":60');
  });

  test("a lock that goes is gone", async () => {
    const backups = { ...full.table.backups, retentionDays: 60, vaultLock: "off" };
    await change({ ...now, table: { ...now.table, backups } });
    expect(production.inAccount("backup/vaultLockConfiguration:VaultLockConfiguration")).toEqual(
      [],
    );
  });

  test("a client that leaves the file can no longer sign in", async () => {
    expect(production.inAccount("cognito/userPoolClient:UserPoolClient", "mobile")).toHaveLength(1);
    await change({ ...now, auth: { ...now.auth, clients: {} } });
    expect(production.inAccount("cognito/userPoolClient:UserPoolClient", "mobile")).toEqual([]);
  });

  test("a machine client that leaves the file is gone", async () => {
    await change({ ...now, auth: { ...now.auth, machineClients: [] } });
    expect(production.inAccount("cognito/userPoolClient:UserPoolClient", "crm")).toEqual([]);
  });

  test("a group that leaves the file is gone", async () => {
    await change({ ...now, auth: { ...now.auth, groups: ["admins"] } });
    const groups = production.inAccount("cognito/userGroup:UserGroup");
    expect(groups.map(({ props }) => props.name)).toEqual(["admins"]);
  });

  test("a provider that leaves the file signs nobody in", async () => {
    await change({ ...now, auth: { ...now.auth, identityProviders: {} } });
    expect(production.inAccount("cognito/identityProvider:IdentityProvider")).toEqual([]);
  });

  test("a login page under another prefix is one page", async () => {
    const managedLogin = { ...full.auth.managedLogin, domain: { prefix: "full-login" } };
    await change({ ...now, auth: { ...now.auth, managedLogin } });
    const domains = production.inAccount("cognito/userPoolDomain:UserPoolDomain");
    expect(domains.map(({ props }) => props.domain)).toEqual(["full-login"]);
  });

  test("a revoked origin is refused by the bucket, and the last one takes the rule with it", async () => {
    const cors = "s3/bucketCorsConfiguration:BucketCorsConfiguration";
    const corsOrigins = ["https://app.full.example"];
    await change({ ...now, documents: { ...now.documents, corsOrigins } });
    expect(JSON.stringify(production.inAccount(cors))).not.toContain("revoked.example");
    // Pages that may call the API may upload as well.
    const [{ corsOrigins: pages, ...documents }, { corsOrigins: callers, ...api }] = [
      now.documents,
      now.api,
    ];
    await change({ ...now, documents, api });
    expect(production.inAccount(cors)).toEqual([]);
  });

  test("replication that is turned off copies nothing", async () => {
    await change({ ...now, documents: { ...now.documents, replication: "off" } });
    expect(production.inAccount("s3/bucketReplicationConfig:BucketReplicationConfig")).toEqual([]);
  });

  test("an archive that is turned off reads the table no more, and what it has stays", async () => {
    const kept = production.inAccount(dataTypes.bucket, "archive").map(({ id }) => id);
    expect(kept.length).toBeGreaterThan(0);
    await change({ ...now, archive: "off" });
    expect(production.inAccount("pipes/pipe:Pipe")).toEqual([]);
    expect(production.inAccount("kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")).toEqual(
      [],
    );
    const stays = production.inAccount(dataTypes.bucket, "archive").map(({ id }) => id);
    expect(stays).toEqual(kept);
  });

  test("an audit that is turned off records no more, and what it has stays", async () => {
    const kept = production.inAccount(dataTypes.bucket, "audit").map(({ id }) => id);
    expect(kept.length).toBeGreaterThan(0);
    await change({ ...now, audit: "off" });
    expect(production.inAccount("cloudtrail/trail:Trail")).toEqual([]);
    const stays = production.inAccount(dataTypes.bucket, "audit").map(({ id }) => id);
    expect(stays).toEqual(kept);
  });

  test("warm throughput that DynamoDB raised since is not lowered; without the setting it stays as it is", async () => {
    const [table] = production.inAccount(dataTypes.table);
    const warmThroughput = { readUnitsPerSecond: 30_000, writeUnitsPerSecond: 9_000 };
    const indexes = entriesOf(table?.props.globalSecondaryIndexes);
    const globalSecondaryIndexes = indexes.map((index) => ({ ...index, warmThroughput }));
    const props = { ...table?.props, warmThroughput, globalSecondaryIndexes };
    project.cloud.put({ ...table!, props });
    const refresh = ["refresh", "--stack", "full", "--yes", "--skip-preview"];
    const { code, stdout, stderr } = await project.pulumi(...refresh);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("warm throughput cannot be decreased");
    await change({ ...now, table: { ...now.table, warmThroughput: undefined } });
    await project.must(...refresh);
    await production.settled();
    const [kept] = production.inAccount(dataTypes.table);
    expect(kept?.props).toMatchObject({ warmThroughput });
  });

  test("a restored table that is adopted is what is backed up", async () => {
    const [table] = production.inAccount(dataTypes.table);
    const adopted = "full-chat-restored";
    const arn = String(table?.props.arn).replace(String(table?.id), adopted);
    const props = { ...table?.props, name: adopted, arn };
    project.cloud.put({ type: `aws:${dataTypes.table}`, id: adopted, urn: "", props });
    await change({ ...now, table: { ...now.table, adopt: adopted } });
    const selections = production.inAccount("backup/selection:Selection");
    expect(selections.map(({ props }) => props.resources)).toEqual([[arn]]);
    const tables = production.inAccount(dataTypes.table).map(({ id }) => id);
    expect(tables, "the old table outlives it").toContain(table?.id);
  });

  test("nothing of this has taken a table, bucket, pool, key or vault", () => {
    expect(data()).toEqual(expect.arrayContaining(dataBefore));
  });

  test.each(Object.entries(dataTypes))("its %s refuses to go", async (_, type) => {
    const before = production.inAccount(type).length;
    const { code, stdout, stderr } = await project.pulumi("destroy", "--stack", "full", "--yes");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("protect");
    const { deployment } = JSON.parse(await project.exported("full"));
    const resources: { type: string; urn: string; protect?: boolean }[] = deployment.resources;
    // A bucket of access logs may go with what it logs.
    const held = resources.filter(
      (one) => one.type === `aws:${type}` && !one.urn.endsWith("-logs"),
    );
    expect(held.length).toBeGreaterThan(0);
    expect(held.map(({ protect }) => protect)).toEqual(held.map(() => true));
    expect(production.inAccount(type)).toHaveLength(before);
  });
});

describe.skipIf(missing)(`a protected tenant of another tier${skipped}`, () => {
  const project = new EngineProject();
  const tenant = (tier: string) => ({ id: "acme", tier, retain: "protect" });
  let production: Deployment;
  const lock = () =>
    production.inAccount("backup/vaultLockConfiguration:VaultLockConfiguration")[0]?.props;
  beforeAll(async () => {
    production = await Deployment.of(project, "tiers", [tenant("standard")]);
  });
  afterAll(() => project.remove());

  test("goes from standard to enterprise and back", async () => {
    const asStandard = lock();
    await production.changeTo(tenant("enterprise"));
    expect(lock()).toMatchObject({ backupVaultName: asStandard?.backupVaultName });
    await production.changeTo(tenant("standard"));
    expect(lock()?.minRetentionDays).toEqual(asStandard?.minRetentionDays);
  });

  test("a lock that follows the retention changes with it", async () => {
    const table = { backups: { schedule: "cron(0 5 ? * SUN *)", retentionDays: 120 } };
    await production.changeTo({ ...tenant("standard"), table });
    expect(lock()?.minRetentionDays).toBe(120);
  });
});
