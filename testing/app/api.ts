/** `testing/app/`: the app in tests: requests, stores, events and files to upload. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { type App, createApp } from "../../app/app.ts";
import type { AppDependencies } from "../../app/context.ts";
import { Library } from "../../app/documents/library.ts";
import { BucketPassages } from "../../app/documents/retrieval.ts";
import { readText } from "../../app/documents/text.ts";
import { Cursors } from "../../app/http/cursor.ts";
import { type Log, type LogEntry, reportTo } from "../../app/lambda/log.ts";
import { embeddedModels } from "../../app/models/embedded.ts";
import { lazyObjectStore } from "../../app/objects/lazy.ts";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import { s3Client } from "../../app/objects/s3.ts";
import { DynamoDBAdminStore } from "../../app/store/dynamodb/admin.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { DynamoDBDocumentStore } from "../../app/store/dynamodb/documents.ts";
import { DynamoDBErasureStore } from "../../app/store/dynamodb/erasing/erasures.ts";
import { DynamoDBProfileStore } from "../../app/store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "../../app/store/dynamodb/records.ts";
import { DynamoDBRunStore } from "../../app/store/dynamodb/runs.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { signingKey } from "../../app/store/dynamodb/table/signing-key.ts";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";
import { DynamoDBTransferStore } from "../../app/store/dynamodb/transfer.ts";
import { DynamoDBUsageStore } from "../../app/store/dynamodb/usage.ts";
import { S3ConversationStore } from "../../app/store/s3/conversations.ts";
import { S3TransferStore } from "../../app/store/s3/transfer.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { createBucket, s3Config, TestObjectStore } from "../aws/bucket.ts";
import { testTime } from "../aws/clock.ts";
import { createChatTable, engineConfig } from "../aws/table.ts";

export const audience = { userPoolId: "us-east-1_TestPool1", clientIds: ["client-a", "client-b"] };

/** Claims as a REST API's authorizer hands them over: every value is a string. */
export function claimsOf(user: string, overrides: Record<string, string | undefined> = {}) {
  return {
    sub: user,
    username: `${user}@example.org`,
    token_use: "access",
    client_id: "client-a",
    iss: `https://cognito-idp.us-east-1.amazonaws.com/${audience.userPoolId}`,
    ...overrides,
  };
}

type StoredTable = TableAccess & { readonly objects: ObjectStore };

/** Every store of a tenant whose history lies in the table. */
export function storesOn(table: StoredTable) {
  const { objects, now } = table;
  const documents = new DynamoDBDocumentStore(table);
  return {
    conversations: new DynamoDBConversationStore(table),
    profiles: new DynamoDBProfileStore(table),
    records: new DynamoDBRecordStore(table),
    usage: new DynamoDBUsageStore(table),
    library: new Library({ documents, objects, readText, now }),
    passages: new BucketPassages(documents, objects),
    admin: new DynamoDBAdminStore(table),
    transfers: new DynamoDBTransferStore(table),
    runs: new DynamoDBRunStore(table),
    erasures: new DynamoDBErasureStore(table),
    cursors: new Cursors(signingKey(table), now),
  } satisfies Partial<AppDependencies>;
}

/** What is behind the app's ports, as the Lambda function has it, wherever the history lies. */
export function dependenciesOn(
  table: StoredTable,
  log: Log,
  history: "dynamodb" | "s3" = "dynamodb",
): AppDependencies {
  const { objects, now } = table;
  return {
    tenant: "acme",
    state: "active",
    audience,
    models: embeddedModels(async () => {}),
    quotas: {},
    ...storesOn(table),
    ...(history === "s3" && {
      conversations: new S3ConversationStore(objects, now, table.report),
      transfers: new S3TransferStore(objects, now, table.report),
    }),
    now,
    log,
  };
}

/** The app on an embedded engine, for the tests of one file. */
export class TestApi {
  engine!: Engine;
  app!: App;
  dependencies!: AppDependencies;
  table!: StoredTable;
  readonly log: LogEntry[] = [];
  #s3: Promise<Engine> | undefined;
  #offsetMs = 0;

  static forThisFile(): TestApi {
    const api = new TestApi();
    beforeAll(() => api.start());
    afterAll(() => api.stop());
    return api;
  }

  async start(): Promise<void> {
    this.engine = await startDynamoDB();
    const now = () => new Date(testTime().getTime() + this.#offsetMs);
    const objects = lazyObjectStore(() => this.#openBucket(now));
    this.table = {
      client: documentClient(engineConfig(this.engine.endpoint)),
      tableName: await createChatTable(this.engine.endpoint),
      now,
      objects,
      report: reportTo((entry) => this.log.push(entry), "acme"),
    };
    this.dependencies = dependenciesOn(this.table, (entry) => this.log.push(entry));
    this.app = createApp(this.dependencies);
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await (await this.#s3)?.stop();
  }

  /** Most tests need no bucket: S3 is started by the first that does. */
  async #openBucket(now: () => Date): Promise<ObjectStore> {
    const { credentials } = s3Config("");
    this.#s3 = startS3({ accessKey: credentials, now });
    const { endpoint } = await this.#s3;
    const bucketName = await createBucket(endpoint);
    return new TestObjectStore({ client: s3Client(s3Config(endpoint)), bucketName, now });
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }

  as(user: string, overrides: Record<string, string | undefined> = {}): Client {
    return new Client(this, claimsOf(user, overrides));
  }

  /** The same tenant, served with something else behind some port. */
  with(overrides: Partial<AppDependencies>) {
    const app = createApp({ ...this.dependencies, ...overrides });
    return {
      app,
      as: (user: string, claims: Record<string, string | undefined> = {}) =>
        new Client({ app }, claimsOf(user, claims)),
    };
  }
}

interface RequestOptions {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Epoch milliseconds at which the process is stopped. */
  readonly deadline?: number;
}

/** One user's way to the API. */
export class Client {
  readonly #api: Pick<TestApi, "app">;
  readonly #claims: unknown;

  constructor(api: Pick<TestApi, "app">, claims: unknown) {
    this.#api = api;
    this.#claims = claims;
  }

  /** The response as it comes, its body unread. */
  async open(path: string, options: RequestOptions = {}, method = "GET"): Promise<Response> {
    const { headers = {}, body, deadline } = options;
    const isText = typeof body === "string" || body === undefined;
    return this.#api.app.request(
      path,
      {
        method,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        body: isText ? body : JSON.stringify(body),
      },
      { claims: this.#claims, requestId: "request-1", deadline },
    );
  }

  async send(method: string, path: string, options: RequestOptions = {}) {
    const response = await this.open(path, options, method);
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : text,
    };
  }

  get = (path: string, headers?: Record<string, string>) => this.send("GET", path, { headers });
  post = (path: string, body: unknown, headers?: Record<string, string>) =>
    this.send("POST", path, { body, headers });
  put = (path: string, body: unknown, headers?: Record<string, string>) =>
    this.send("PUT", path, { body, headers });
  patch = (path: string, body: unknown, headers?: Record<string, string>) =>
    this.send("PATCH", path, { body, headers });
  delete = (path: string, headers?: Record<string, string>) =>
    this.send("DELETE", path, { headers });

  async conversation(title = "A conversation"): Promise<string> {
    return (await this.post("/conversations", { title })).body.id;
  }

  async say(id: string, ...contents: string[]): Promise<void> {
    for (const content of contents) {
      await this.post(`/conversations/${id}/messages`, { role: "user", content });
    }
  }

  /** Every item of a list, following its cursors. */
  async all(path: string) {
    const items = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes("?") ? "&" : "?";
      const next: string = cursor === null ? "" : `${separator}cursor=${cursor}`;
      const page: Awaited<ReturnType<Client["get"]>> = await this.get(`${path}${next}`);
      items.push(...page.body.items);
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    return items;
  }
}

export function randomKey(): string {
  return randomBytes(9).toString("base64url");
}
