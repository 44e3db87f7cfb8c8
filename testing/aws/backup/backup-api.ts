import { randomUUID } from "node:crypto";
import type { ResourceRecord } from "../../../offline/record.ts";
import { type AssumedRole, mayCall, rolesOf } from "./assumed-role.ts";
import { type RecoveryApi, type Snapshot, standIn } from "./recoverable-dynamodb.ts";

/** An answer of AWS's that is an error; its name is what clients go by. */
export class BackupRefusal extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const invalid = (message: string) => new BackupRefusal("InvalidParameterValueException", message);
const missing = (message: string) => new BackupRefusal("ResourceNotFoundException", message);

interface Vault {
  readonly name: string;
  readonly arn: string;
  readonly tags: Record<string, string>;
  readonly kmsKeyArn: string | undefined;
  readonly minRetentionDays: number;
  readonly maxRetentionDays: number;
}

interface Point {
  readonly arn: string;
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  readonly tags: Record<string, string>;
  readonly created: number;
  readonly deleteAfterDays: number | undefined;
  state: string;
}

interface Job {
  readonly id: string;
  readonly fields: Record<string, unknown>;
  /** Looks that still find it running. */
  left: number;
  isRunning?: boolean;
  /** Undefined for a job that went well. */
  failure?: string | undefined;
}

interface Body {
  readonly BackupVaultName?: string;
  readonly ResourceArn?: string;
  readonly IamRoleArn?: string;
  readonly RecoveryPointArn?: string;
  readonly IdempotencyToken?: string;
  readonly Lifecycle?: { readonly DeleteAfterDays?: number };
  readonly RecoveryPointTags?: Record<string, string>;
  readonly Metadata?: Record<string, string>;
}

/** Keys of a restore's metadata in lower case: their letters' case means nothing. */
const metadataKeys = [
  "targettablename",
  "encryptiontype",
  "kmsmasterkeyarn",
  "aws:backup:request-id",
];
/** What a role needs on a table that it restores to (DynamoDB, "Using IAM with backup and restore"). */
const restoreActions = [
  "RestoreTableFromAwsBackup",
  ...["BatchWriteItem", "DeleteItem", "DescribeTable", "GetItem"],
  ...["PutItem", "Query", "Scan", "UpdateItem"],
].map((action) => `dynamodb:${action}`);
const seconds = (time: number) => time / 1000;

export class BackupApi {
  readonly #tables: RecoveryApi;
  readonly #points = new Map<string, Point>();
  readonly #jobs = new Map<string, Job>();
  readonly #tokens = new Map<string, string>();
  #vaults = new Map<string, Vault>();
  #roles: ReadonlyMap<string, AssumedRole> = new Map();
  #records: readonly ResourceRecord[] = [];

  constructor(tables: RecoveryApi) {
    this.#tables = tables;
  }

  deploy(records: readonly ResourceRecord[]): void {
    const ofType = (type: string) => records.filter((record) => record.type === type);
    const locks = ofType("aws:backup/vaultLockConfiguration:VaultLockConfiguration");
    this.#records = records;
    this.#roles = rolesOf(records);
    this.#vaults = new Map(
      ofType("aws:backup/vault:Vault").map(({ inputs, outputs }) => {
        const name = String(outputs.name);
        const lock = locks.find((one) => one.inputs.backupVaultName === name)?.inputs ?? {};
        return [
          name,
          {
            name,
            arn: String(outputs.arn),
            tags: inputs.tags as Record<string, string>,
            kmsKeyArn: inputs.kmsKeyArn as string | undefined,
            minRetentionDays: Number(lock.minRetentionDays ?? 0),
            maxRetentionDays: Number(lock.maxRetentionDays ?? Number.POSITIVE_INFINITY),
          },
        ];
      }),
    );
  }

  async runPlans(): Promise<string[]> {
    const made: string[] = [];
    for (const { inputs: selection } of this.#records.filter(({ type }) =>
      type.endsWith(":Selection"),
    )) {
      const plan = this.#records.find(({ id }) => id === selection.planId);
      for (const rule of plan?.inputs.rules as Record<string, unknown>[]) {
        for (const ResourceArn of selection.resources as string[]) {
          const { deleteAfter } = rule.lifecycle as { deleteAfter: number };
          const job = await this.#startBackup({
            BackupVaultName: String(rule.targetVaultName),
            ResourceArn,
            IamRoleArn: String(selection.iamRoleArn),
            Lifecycle: { DeleteAfterDays: deleteAfter },
            RecoveryPointTags: rule.recoveryPointTags as Record<string, string>,
          });
          const { failure, fields } = this.#jobs.get(job.BackupJobId)!;
          if (failure !== undefined) throw new Error(failure);
          made.push(String(fields.RecoveryPointArn));
        }
      }
    }
    return made;
  }

  /** Name of the table that a recovery point is of. */
  tableOf(arn: string): string | undefined {
    return this.#point(arn).snapshot.table.TableName;
  }

  setState(arn: string, state: string): void {
    this.#point(arn).state = state;
  }

  async answer(
    route: string,
    [first = "", second = "", third = "", fourth = ""]: readonly string[],
    body: Body,
    query: URLSearchParams,
  ): Promise<object> {
    switch (route) {
      case "GET backup-vaults":
        if (second === "") return this.#listVaults();
        if (third === "") return this.#listVault(first, query.get("resourceType"));
        return fourth === "" ? this.#describe(first, third) : this.#metadataOf(first, third);
      case "GET tags":
        return { Tags: this.#tagged(first).tags };
      case "GET resources":
        return second === "recovery-points"
          ? this.#listResource(first)
          : { RestoreJobs: this.#restoresOf(first) };
      case "PUT backup-jobs":
        return this.#startBackup(body);
      case "GET backup-jobs":
        return this.#look(first, "State");
      case "PUT restore-jobs":
        return this.#startRestore(body);
      case "GET restore-jobs":
        return this.#look(first, "Status");
      default:
        throw new Error(`the stand-in does not know ${route}`);
    }
  }

  #listVaults() {
    return {
      BackupVaultList: [...this.#vaults.values()].map((vault) => ({
        BackupVaultName: vault.name,
        BackupVaultArn: vault.arn,
        Locked: vault.minRetentionDays > 0,
        MinRetentionDays: vault.minRetentionDays || undefined,
      })),
    };
  }

  #listVault(name: string, resourceType: string | null) {
    const vault = this.#vault(name);
    const isWanted = resourceType === null || resourceType === "DynamoDB";
    const points = [...this.#points.values()].filter((point) => isWanted && point.vault === vault);
    return { RecoveryPoints: points.map(described) };
  }

  #listResource(arn: string) {
    const own = [...this.#points.values()].filter(
      ({ snapshot }) => snapshot.table.TableArn === arn,
    );
    return {
      RecoveryPoints: own.map(({ arn: RecoveryPointArn, vault, created, state }) => ({
        RecoveryPointArn,
        BackupVaultName: vault.name,
        CreationDate: seconds(created),
        Status: state,
      })),
    };
  }

  #describe(vaultName: string, arn: string) {
    const point = this.#points.get(arn);
    if (point?.vault !== this.#vault(vaultName)) throw missing(`No recovery point ${arn}`);
    return described(point);
  }

  #metadataOf(vaultName: string, arn: string) {
    this.#describe(vaultName, arn);
    const { table } = this.#point(arn).snapshot;
    const key = table.SSEDescription?.KMSMasterKeyArn;
    return {
      RecoveryPointArn: arn,
      RestoreMetadata: {
        originalTableName: table.TableName,
        encryptionType: key === undefined ? "Default" : "KMS",
        ...(key !== undefined && { kmsMasterKeyArn: key }),
      },
    };
  }

  async #startBackup(body: Body): Promise<{ BackupJobId: string }> {
    const { BackupVaultName = "", ResourceArn = "", Lifecycle, RecoveryPointTags = {} } = body;
    const vault = this.#vault(BackupVaultName);
    const role = this.#assume(body.IamRoleArn);
    const name = ResourceArn.split(":table/")[1];
    if (name === undefined) throw invalid(`Unsupported resource: ${ResourceArn}`);
    const days = Lifecycle?.DeleteAfterDays;
    const failure = !mayCall(role, "dynamodb:StartAwsBackupJob", ResourceArn)
      ? `Access Denied trying to back up ${ResourceArn}`
      : (days ?? Number.POSITIVE_INFINITY) < vault.minRetentionDays ||
          (days ?? 0) > vault.maxRetentionDays
        ? "The backup job failed because the retention is outside of the vault lock's bounds"
        : undefined;
    const arn = `arn:aws:backup:${standIn.region}:${standIn.account}:recovery-point:${randomUUID()}`;
    if (failure === undefined) {
      this.#points.set(arn, {
        arn,
        vault,
        snapshot: await this.#tables.snapshot(name),
        tags: RecoveryPointTags,
        created: Date.now(),
        deleteAfterDays: days,
        state: "COMPLETED",
      });
    }
    const BackupJobId = randomUUID();
    const fields = { BackupJobId, BackupVaultName, RecoveryPointArn: arn, ResourceArn };
    this.#jobs.set(BackupJobId, { id: BackupJobId, fields, left: 2, failure });
    return { BackupJobId };
  }

  async #startRestore(body: Body) {
    const { RecoveryPointArn = "", IdempotencyToken = randomUUID(), Metadata = {} } = body;
    const known = this.#tokens.get(IdempotencyToken);
    if (known !== undefined) return { RestoreJobId: known };
    if (!RecoveryPointArn.startsWith("arn:aws:backup:")) {
      throw invalid(`Invalid recovery point: ${RecoveryPointArn}`);
    }
    if (RecoveryPointArn.split(":")[4] !== standIn.account) {
      throw new BackupRefusal("AccessDeniedException", "The recovery point is in another account");
    }
    const point = this.#point(RecoveryPointArn);
    if (!["COMPLETED", "AVAILABLE"].includes(point.state)) {
      throw new BackupRefusal("InvalidResourceStateException", `It is ${point.state}`);
    }
    const role = this.#assume(body.IamRoleArn);
    const metadata = readMetadata(Metadata);
    const RestoreJobId = randomUUID();
    this.#tokens.set(IdempotencyToken, RestoreJobId);
    const arn = `arn:aws:dynamodb:${standIn.region}:${standIn.account}:table/${metadata.target}`;
    const job: Job = {
      id: RestoreJobId,
      isRunning: true,
      fields: {
        RestoreJobId,
        RecoveryPointArn,
        SourceResourceArn: point.snapshot.table.TableArn,
        ResourceType: "DynamoDB",
        IamRoleArn: role.arn,
        CreatedResourceArn: arn,
      },
      left: 2,
    };
    this.#jobs.set(RestoreJobId, job);
    // It goes on whoever asks for it.
    void this.#restore(point, role, metadata, arn).then((failure) => {
      job.failure = failure;
      job.isRunning = false;
    });
    return { RestoreJobId };
  }

  /** The job's failure; undefined when the table was made. */
  async #restore(
    { snapshot, vault }: Point,
    role: AssumedRole,
    { target, kmsKeyArn }: RestoreMetadata,
    arn: string,
  ): Promise<string | undefined> {
    const denied = restoreActions.filter((action) => !mayCall(role, action, arn));
    const keys = [kmsKeyArn, vault.kmsKeyArn].filter((key) => key !== undefined);
    for (const key of keys) {
      const context = {
        "kms:viaservice": `dynamodb.${standIn.region}.amazonaws.com`,
        "kms:grantisforawsresource": "true",
      };
      denied.push(
        ...["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"].filter(
          (action) => !mayCall(role, action, key, context),
        ),
      );
    }
    if (denied.length > 0) return `Access Denied trying to call ${denied.join(", ")} on ${arn}`;
    try {
      await this.#tables.restoreSnapshot(snapshot, target);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #look(id: string, field: "State" | "Status") {
    const job = this.#jobs.get(id);
    if (job === undefined) throw missing(`No job ${id}`);
    const { CreatedResourceArn, ...fields } = job.fields;
    if (job.isRunning || job.left-- > 0)
      return { ...fields, [field]: job.left > 1 ? "PENDING" : "RUNNING" };
    return job.failure === undefined
      ? { ...fields, CreatedResourceArn, [field]: "COMPLETED" }
      : { ...fields, [field]: "FAILED", StatusMessage: job.failure };
  }

  #restoresOf(tableArn: string) {
    return [...this.#jobs.values()]
      .filter(({ fields }) => fields.SourceResourceArn === tableArn)
      .map(({ id, left, isRunning, failure, fields: { CreatedResourceArn, ...fields } }) => ({
        ...fields,
        RestoreJobId: id,
        Status: isRunning || left > 0 ? "RUNNING" : failure === undefined ? "COMPLETED" : "FAILED",
        ...(!isRunning && left <= 0 && { CreatedResourceArn }),
      }));
  }

  #assume(arn: string | undefined): AssumedRole {
    const role = this.#roles.get(arn ?? "");
    if (!role?.services.includes("backup.amazonaws.com")) {
      throw invalid(`IAM Role ${arn} cannot be assumed by AWS Backup`);
    }
    return role;
  }

  #vault(name: string): Vault {
    const vault = this.#vaults.get(name);
    // AWS does not tell a vault that is not there from one that may not be seen.
    if (!vault)
      throw new BackupRefusal("AccessDeniedException", `Insufficient privileges: ${name}`);
    return vault;
  }

  #point(arn: string): Point {
    const point = this.#points.get(arn);
    if (!point) throw missing(`Cannot find recovery point ${arn}`);
    return point;
  }

  #tagged(arn: string): { readonly tags: Record<string, string> } {
    const vault = [...this.#vaults.values()].find((one) => one.arn === arn);
    return vault ?? this.#point(arn);
  }
}

interface RestoreMetadata {
  readonly target: string;
  readonly kmsKeyArn: string | undefined;
}

function readMetadata(given: Readonly<Record<string, string>>): RestoreMetadata {
  const metadata = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
  const unknown = [...metadata.keys()].filter((key) => !metadataKeys.includes(key));
  if (unknown.length > 0) throw invalid(`Invalid restore metadata: ${unknown.join(", ")}`);
  const target = metadata.get("targettablename");
  if (target === undefined) {
    throw new BackupRefusal("MissingParameterValueException", "targetTableName is missing");
  }
  if (!/^[\w.-]{3,255}$/.test(target)) throw invalid(`Invalid table name: ${target}`);
  const encryption = metadata.get("encryptiontype") ?? "Default";
  const kmsKeyArn = metadata.get("kmsmasterkeyarn");
  if (!["Default", "KMS"].includes(encryption)) throw invalid(`encryptionType: ${encryption}`);
  if (encryption === "Default" && kmsKeyArn !== undefined) {
    throw invalid("kmsMasterKeyArn is for encryptionType KMS");
  }
  return { target, kmsKeyArn };
}

function described({ arn, vault, snapshot, created, deleteAfterDays: days, state }: Point) {
  return {
    RecoveryPointArn: arn,
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    ResourceArn: snapshot.table.TableArn,
    ResourceName: snapshot.table.TableName,
    ResourceType: "DynamoDB",
    CreationDate: seconds(created),
    Status: state,
    BackupSizeInBytes: snapshot.items.length * 100,
    ...(days !== undefined && {
      CalculatedLifecycle: { DeleteAt: seconds(created + days * 86_400_000) },
    }),
  };
}
