import { Agent } from "node:http";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { createApp } from "../../app/app.ts";
import { problemType } from "../../app/http/problem.ts";
import {
  MaintenanceError,
  type MaintenanceParts,
  maintain,
} from "../../app/maintenance/maintenance.ts";
import { lazyObjectStore } from "../../app/objects/lazy.ts";
import { s3Client } from "../../app/objects/s3.ts";
import { DynamoDBMaintenanceStore } from "../../app/store/dynamodb/maintenance/maintenance.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { S3Search } from "../../app/store/s3/search.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { Client, claimsOf, dependenciesOn } from "../app/api.ts";
import { createBucket, s3Config, TestObjectStore } from "../aws/bucket.ts";
import { testTime } from "../aws/clock.ts";
import { createChatTable, engineConfig } from "../aws/table.ts";
import { Wire } from "../aws/wire.ts";
import { type Contents, contentsOf } from "./contents.ts";
import { type Found, type Item, readAll, scan } from "./stored.ts";

export type History = "dynamodb" | "s3";

export type Answer = Awaited<ReturnType<Client["send"]>>;

/** The engines that the worlds of one file share. */
export interface Engines {
  readonly dynamodb: Engine;
  readonly s3: Engine;
}

export async function startEngines(): Promise<Engines> {
  const [dynamodb, s3] = await Promise.all([
    startDynamoDB(),
    startS3({ accessKey: s3Config("").credentials, now: testTime }),
  ]);
  return { dynamodb, s3 };
}

export async function stopEngines({ dynamodb, s3 }: Engines): Promise<void> {
  await Promise.all([dynamodb.stop(), s3.stop()]);
}

/** What a world holds, to be put into others. */
interface Copy {
  readonly items: readonly Item[];
  readonly objects: readonly Found[];
  readonly offsetMs: number;
}

/** Connections that outlive the process that opened them: thousands of processes start here. */
class KeptAgent extends Agent {
  override destroy(): void {}
}

/** A busy machine is no fault of AWS: what is never answered, the faults say themselves. */
const patient = {
  httpAgent: new KeptAgent({ keepAlive: true }),
  connectionTimeout: 120_000,
  requestTimeout: 120_000,
  throwOnRequestTimeout: true,
};

/** One tenant: a table and a bucket of its own, and as many processes as a test starts on them. */
export class World {
  readonly history: History;
  /** A process that nothing disturbs. */
  readonly healthy: Process;
  readonly #engines: Engines;
  readonly #tableName: string;
  #bucketName: Promise<string> | undefined;
  readonly #startedMs = testTime().getTime();
  #offsetMs = 0;

  private constructor(engines: Engines, history: History, tableName: string) {
    this.#engines = engines;
    this.history = history;
    this.#tableName = tableName;
    this.healthy = this.process();
  }

  static async create(engines: Engines, history: History): Promise<World> {
    return new World(engines, history, await createChatTable(engines.dynamodb.endpoint));
  }

  /** Another tenant that holds the same: quicker than to say everything again. */
  static async copy(engines: Engines, history: History, copy: Copy): Promise<World> {
    const world = await World.create(engines, history);
    world.#offsetMs = copy.offsetMs;
    const { table, objects } = world.healthy;
    for (let from = 0; from < copy.items.length; from += 25) {
      const puts = copy.items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
      await table.client.send(new BatchWriteCommand({ RequestItems: { [table.tableName]: puts } }));
    }
    await Promise.all(
      copy.objects.map(({ key, body }) =>
        objects.put(key, body, { contentType: "application/octet-stream", when: "always" }),
      ),
    );
    return world;
  }

  async taken(): Promise<Copy> {
    const { table, objects } = this.healthy;
    return {
      items: await scan(table),
      objects: this.#bucketName === undefined ? [] : await readAll(objects),
      offsetMs: this.#offsetMs,
    };
  }

  /** Like a Lambda function that starts: it remembers nothing. */
  process() {
    const wire = new Wire();
    const client = wire.attach(
      documentClient({
        ...engineConfig(this.#engines.dynamodb.endpoint),
        requestHandler: patient,
      }),
    );
    const connected: { destroy(): void }[] = [client];
    const table = {
      client,
      tableName: this.#tableName,
      now: this.now,
    };
    const objects = lazyObjectStore(async () => {
      const { maxAttempts: _, ...config } = s3Config(this.#engines.s3.endpoint);
      const client = wire.attach(s3Client({ ...config, requestHandler: patient }));
      connected.push(client);
      return new TestObjectStore({ client, bucketName: await this.#bucket(), now: this.now });
    });
    const dependencies = dependenciesOn({ ...table, objects }, () => {}, this.history);
    const app = createApp(dependencies);
    const search = this.history === "s3" ? new S3Search(objects, this.now) : undefined;
    const maintenance = new DynamoDBMaintenanceStore({ ...table, objects }, search);
    const groups = { "cognito:groups": "admins" };
    return {
      wire,
      table,
      objects,
      /** Closes its connections. */
      end: () => {
        for (const each of connected) each.destroy();
      },
      maintain: () => maintained({ ...dependencies, maintenance }),
      as: (user: string) => new Client({ app }, claimsOf(user, user === "boss" ? groups : {})),
    };
  }

  /** All that table and bucket hold. */
  async contents(): Promise<Contents> {
    const { items, objects } = await this.taken();
    return contentsOf(items, objects, this.now());
  }

  /** Each look at the clock is a millisecond: how busy the machine is decides no deadline. */
  readonly now = (): Date => new Date(this.#startedMs + this.#offsetMs++);

  wait(hours: number): void {
    this.#offsetMs += hours * 3_600_000;
  }

  /** A day later, by an administrator. Answers the status. */
  async sweep(): Promise<number> {
    const from = today();
    this.wait(25);
    return (await this.healthy.as("boss").post("/admin/sweep", { from })).status;
  }

  /** Removes its table, lest thousands of them slow the engine down, and closes what it holds open. */
  async end(): Promise<void> {
    const { client, tableName } = this.healthy.table;
    await client.send(new DeleteTableCommand({ TableName: tableName }));
    this.healthy.end();
  }

  #bucket(): Promise<string> {
    this.#bucketName ??= createBucket(this.#engines.s3.endpoint);
    return this.#bucketName;
  }
}

/**
 * An event has no status. A run that fails is repeated by Lambda, as a client repeats what was answered with
 * 503; other errors than the maintenance's own are a fault of the program.
 */
async function maintained(parts: MaintenanceParts): Promise<Answer> {
  const until = new Date(parts.now().getTime() + 60_000);
  try {
    return answered(200, { ...(await maintain(parts, until)) });
  } catch (error) {
    if (!(error instanceof MaintenanceError)) throw error;
    return answered(503, { type: problemType("busy"), title: error.message });
  }
}

function answered(status: number, body: Record<string, unknown>): Answer {
  const headers = new Headers({ "content-type": "application/problem+json", "retry-after": "60" });
  return { status, headers, body, text: JSON.stringify(body) };
}

/** The day on which every world begins. */
export const today = (): string => testTime().toISOString().slice(0, 10);

export type Process = ReturnType<World["process"]>;
