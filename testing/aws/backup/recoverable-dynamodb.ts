import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type OnDemandThroughput,
  paginateScan,
  type TableDescription,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { startDynamoDB } from "../../../local/dynamodb.ts";
import { engineConfig } from "../table.ts";

export type Items = NonNullable<WriteRequest["PutRequest"]>["Item"][];
type Table = Record<string, unknown>;

/** What a request may hold of what the front reads. */
interface Body {
  readonly TableName: string;
  readonly BackupName: string;
  readonly BackupArn: string;
  readonly SourceTableName: string;
  readonly TargetTableName: string;
  readonly RestoreDateTime: number;
  readonly BillingModeOverride?: "PAY_PER_REQUEST";
  readonly OnDemandThroughputOverride?: OnDemandThroughput;
  readonly PointInTimeRecoverySpecification?: {
    readonly PointInTimeRecoveryEnabled: boolean;
    readonly RecoveryPeriodInDays?: number;
  };
}

/** Where the front's resources seem to lie; the engine's own ARNs name another account and region. */
export const standIn = { region: "us-east-1", account: "123456789012" } as const;
const engineArn = "arn:aws:dynamodb:dynoxide:000000000000:";
const arn = `arn:aws:dynamodb:${standIn.region}:${standIn.account}:`;

/** An answer of AWS's that is an error; its name is what clients go by. */
class Refusal extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * The embedded engine behind a front that adds what it lacks of AWS's API, as the API reference
 * describes it: on-demand backups, point-in-time recovery, restores that take a while.
 */
export async function startRecoverableDynamoDB() {
  const engine = await startDynamoDB();
  const client = new DynamoDBClient(engineConfig(engine.endpoint));
  const api = new RecoveryApi(client);
  const server = createServer(async (request, response) => {
    const body = (await text(request)).replaceAll(arn, engineArn);
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const answer = (status: number, content: object) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(content).replaceAll(engineArn, arn));
    };
    try {
      const own = await api.answer(operation, body === "" ? {} : JSON.parse(body));
      if (own !== undefined) return answer(200, own);
      const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
      const forwarded = await fetch(engine.endpoint, {
        method: request.method ?? "POST",
        headers: headers as Record<string, string>,
        ...(body !== "" && { body }),
      });
      const content = (await forwarded.json().catch(() => ({}))) as { Table?: Table };
      if (forwarded.ok) await api.note(operation, content);
      answer(forwarded.status, content);
    } catch (error) {
      const type = error instanceof Refusal ? error.type : "InternalServerError";
      answer(400, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: String(error) });
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Requests of the operations that only the front knows, by name, in their order. */
    calls: api.calls,
    /** What AWS Backup reaches beside the API: whole tables, as they are. */
    tables: api,
    async stop() {
      server.close();
      server.closeAllConnections();
      client.destroy();
      await engine.stop();
    },
  };
}

export interface Snapshot {
  readonly table: TableDescription;
  readonly items: Items;
}

const writes = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];
/** Looks at a new table or backup that find it CREATING. */
const creatingLooks = 2;

export class RecoveryApi {
  readonly calls: { readonly operation: string; readonly body: object }[] = [];
  readonly #client: DynamoDBClient;
  /** By table, since when it can be recovered, and what it held after each write. */
  readonly #recovery = new Map<
    string,
    { since: number; days: number; states: [number, Items][] }
  >();
  readonly #backups = new Map<string, { details: object; table: TableDescription; items: Items }>();
  readonly #creating = new Map<string, number>();
  readonly #restored = new Map<string, object>();

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  /** Undefined for what the engine answers itself. */
  async answer(operation: string, body: Body): Promise<object | undefined> {
    const handlers: Record<string, (body: Body) => object | undefined | Promise<object>> = {
      CreateBackup: (one) => this.#createBackup(one),
      DescribeBackup: (one) => this.#describeBackup(one),
      ListBackups: (one) => this.#listBackups(one),
      UpdateContinuousBackups: (one) => this.#updateRecovery(one),
      DescribeContinuousBackups: (one) => this.#describeRecovery(one),
      RestoreTableToPointInTime: (one) => this.#restoreToTime(one),
      RestoreTableFromBackup: (one) => this.#restoreBackup(one),
    };
    const handler = handlers[operation];
    if (handler === undefined) return undefined;
    this.calls.push({ operation, body });
    return handler(body);
  }

  /** After what the engine answered: remembers what a write left, adds what it says of a restore. */
  async note(operation: string, content: { Table?: Table }): Promise<void> {
    if (writes.includes(operation)) {
      for (const [table, { states }] of this.#recovery) {
        states.push([Date.now(), await this.#items(table)]);
      }
    }
    const name = String(content.Table?.TableName);
    if (operation !== "DescribeTable" || !this.#restored.has(name) || !content.Table) return;
    content.Table.RestoreSummary = this.#restored.get(name);
    content.Table.TableStatus = this.#look(name);
  }

  /** A table and all that it holds now. */
  async snapshot(name: string): Promise<Snapshot> {
    const table = await this.#describe(name);
    const text = JSON.stringify(table).replaceAll(engineArn, arn);
    return { table: JSON.parse(text) as TableDescription, items: await this.#items(name) };
  }

  /** Makes a table of what was kept, as a restore of AWS Backup's does. */
  async restoreSnapshot({ table, items }: Snapshot, target: string): Promise<void> {
    await this.#restore(table, target, items, { SourceTableArn: table.TableArn });
  }

  async #createBackup({ TableName, BackupName }: Body) {
    const table = await this.#describe(TableName);
    const arn = `${table.TableArn}/backup/0${this.#backups.size}`;
    const details = {
      BackupArn: arn,
      BackupName,
      BackupType: "USER",
      BackupSizeBytes: table.TableSizeBytes ?? 0,
      BackupCreationDateTime: Date.now() / 1000,
    };
    this.#backups.set(arn, { details, table, items: await this.#items(TableName) });
    this.#creating.set(arn, creatingLooks);
    return { BackupDetails: { ...details, BackupStatus: "CREATING" } };
  }

  #describeBackup({ BackupArn }: Body) {
    const backup = this.#backups.get(BackupArn);
    if (!backup) throw new Refusal("BackupNotFoundException", "Backup not found");
    return {
      BackupDescription: {
        BackupDetails: {
          ...backup.details,
          BackupStatus: this.#look(BackupArn) === "ACTIVE" ? "AVAILABLE" : "CREATING",
        },
        SourceTableDetails: {
          TableName: backup.table.TableName,
          KeySchema: backup.table.KeySchema,
        },
      },
    };
  }

  #listBackups({ TableName }: Body) {
    const own = [...this.#backups.values()].filter(({ table }) => table.TableName === TableName);
    return {
      BackupSummaries: own.map(({ details }) => ({ ...details, BackupStatus: "AVAILABLE" })),
    };
  }

  async #updateRecovery(body: Body) {
    const { TableName, PointInTimeRecoverySpecification: wanted } = body;
    // A table that was just restored has no backups for a moment.
    if (this.#restored.has(TableName) && !this.#creating.has(`${TableName} backups`)) {
      this.#creating.set(`${TableName} backups`, 0);
      throw new Refusal("ContinuousBackupsUnavailableException", "Backups are being enabled");
    }
    if (!wanted?.PointInTimeRecoveryEnabled) this.#recovery.delete(TableName);
    else if (!this.#recovery.has(TableName)) {
      const states: [number, Items][] = [[Date.now(), await this.#items(TableName)]];
      const days = wanted.RecoveryPeriodInDays ?? 35;
      this.#recovery.set(TableName, { since: Date.now(), days, states });
    }
    return this.#describeRecovery(body);
  }

  #describeRecovery({ TableName }: Body) {
    const recovery = this.#recovery.get(TableName);
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: "ENABLED",
        PointInTimeRecoveryDescription: recovery
          ? {
              PointInTimeRecoveryStatus: "ENABLED",
              RecoveryPeriodInDays: recovery.days,
              EarliestRestorableDateTime: recovery.since / 1000,
              LatestRestorableDateTime: Date.now() / 1000,
            }
          : { PointInTimeRecoveryStatus: "DISABLED" },
      },
    };
  }

  async #restoreToTime(body: Body) {
    const { SourceTableName, TargetTableName, RestoreDateTime } = body;
    const recovery = this.#recovery.get(SourceTableName);
    if (!recovery) {
      throw new Refusal("PointInTimeRecoveryUnavailableException", "Point in time recovery is off");
    }
    const at = RestoreDateTime * 1000;
    if (at < recovery.since - 1000 || at > Date.now()) {
      throw new Refusal("InvalidRestoreTimeException", "Not between earliest and latest");
    }
    const source = await this.#describe(SourceTableName);
    const [, items] = recovery.states.findLast(([time]) => time <= at) ?? [0, []];
    const summary = { SourceTableArn: source.TableArn, RestoreDateTime: at / 1000 };
    return this.#restore(source, TargetTableName, items, summary, body);
  }

  async #restoreBackup(body: Body) {
    const { BackupArn, TargetTableName } = body;
    // What AWS Backup keeps is none of DynamoDB's backups.
    if (!BackupArn.startsWith("arn:aws:dynamodb:")) {
      throw new Refusal("ValidationException", `Invalid backup ARN: ${BackupArn}`);
    }
    const backup = this.#backups.get(BackupArn);
    if (!backup) throw new Refusal("BackupNotFoundException", "Backup not found");
    const { table, items } = backup;
    const summary = {
      SourceBackupArn: BackupArn,
      SourceTableArn: table.TableArn,
      RestoreDateTime: Date.now() / 1000,
    };
    return this.#restore(table, TargetTableName, items, summary, body);
  }

  /** With keys and indexes, and without what AWS leaves out: tags, stream, expiry, recovery. */
  async #restore(
    source: TableDescription,
    target: string,
    items: Items,
    summary: object,
    overrides: Partial<Body> = {},
  ) {
    try {
      await this.#client.send(
        new CreateTableCommand({
          TableName: target,
          KeySchema: source.KeySchema,
          AttributeDefinitions: source.AttributeDefinitions,
          BillingMode: "PAY_PER_REQUEST",
          OnDemandThroughput: overrides.OnDemandThroughputOverride,
          GlobalSecondaryIndexes: source.GlobalSecondaryIndexes?.map(
            ({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }),
          ),
        }),
      );
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceInUseException") {
        throw new Refusal("TableAlreadyExistsException", `Table already exists: ${target}`);
      }
      throw error;
    }
    for (let i = 0; i < items.length; i += 25) {
      const puts = items.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } }));
      await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [target]: puts } }));
    }
    this.#restored.set(target, { ...summary, RestoreInProgress: false });
    this.#creating.set(target, creatingLooks);
    return { TableDescription: { TableName: target, TableStatus: "CREATING" } };
  }

  #look(name: string): "CREATING" | "ACTIVE" {
    const left = this.#creating.get(name) ?? 0;
    this.#creating.set(name, left - 1);
    return left > 0 ? "CREATING" : "ACTIVE";
  }

  async #describe(TableName: string): Promise<TableDescription> {
    const { Table } = await this.#client.send(new DescribeTableCommand({ TableName }));
    return Table!;
  }

  async #items(TableName: string): Promise<Items> {
    const items: Items = [];
    for await (const page of paginateScan({ client: this.#client }, { TableName })) {
      items.push(...(page.Items ?? []));
    }
    return items;
  }
}
