/** A role at work: clients that are refused whatever an identity policy does not allow. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import { chatTable } from "../../app/resources/table.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import {
  coversAction,
  coversResource,
  like,
  type Statement,
  statementsOf,
} from "../../policies/reading/policy-document.ts";

interface Call {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, in lower case. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

interface Granted {
  readonly policy: ResourceRecord;
  readonly tableArn: string;
  readonly bucketArn: string;
}

export class Role {
  /** What was asked for and not allowed. */
  readonly refused: string[] = [];
  readonly #statements: readonly Statement[];
  readonly #tableArn: string;
  readonly #bucketArn: string;

  constructor({ policy, tableArn, bucketArn }: Granted) {
    this.#statements = statementsOf(policy.inputs.policy);
    this.#tableArn = tableArn;
    this.#bucketArn = bucketArn;
  }

  /** Every request of the client is the role's from now on. */
  restrict(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = (context.commandName ?? "").replace(/Command$/, "");
        for (const call of this.#callsOf(command, args.input)) this.#require(call);
        return next(args);
      },
      { step: "initialize", priority: "high", name: "role" },
    );
    return client;
  }

  /** The store as the role may use it. */
  objects(store: ObjectStore): ObjectStore {
    const on = (action: string, key: string) => {
      this.#require({ action, resource: `${this.#bucketArn}/${key}` });
      return store;
    };
    return {
      get: async (key) => on("s3:GetObject", key).get(key),
      head: async (key) => on("s3:GetObject", key).head(key),
      put: async (key, ...rest) => on("s3:PutObject", key).put(key, ...rest),
      copy: async (from, to, etag) => {
        on("s3:GetObject", from);
        return on("s3:PutObject", to).copy(from, to, etag);
      },
      delete: async (keys) => {
        for (const key of keys) on("s3:DeleteObject", key);
        return store.delete(keys);
      },
      list: (prefix) => {
        const context = { "s3:prefix": [prefix] };
        this.#require({ action: "s3:ListBucket", resource: this.#bucketArn, context });
        return store.list(prefix);
      },
      // What is presigned is used as the role that signed it.
      downloadUrl: async (key, ...rest) => on("s3:GetObject", key).downloadUrl(key, ...rest),
      uploadForm: async (key, ...rest) => on("s3:PutObject", key).uploadForm(key, ...rest),
    };
  }

  #require(call: Call): void {
    if (this.#statements.some((statement) => allows(statement, call))) return;
    this.refused.push(`${call.action} ${JSON.stringify(call.context ?? call.resource)}`);
    throw new Error(`AccessDenied: ${this.refused.at(-1)}`);
  }

  /** @param command e.g. `GetItem`. */
  #callsOf(command: string, input: object): Call[] {
    const request: Request = input;
    const one = (operation: string, on: Request): Call => ({
      action: `dynamodb:${operation}`,
      resource: on.IndexName ? `${this.#tableArn}/index/${on.IndexName}` : this.#tableArn,
      context: { "dynamodb:leadingkeys": partitionsIn(on) },
    });
    if (command !== "TransactWriteItems") return [one(command, request)];
    return (request.TransactItems ?? []).flatMap((item) =>
      Object.entries(item).map(([kind, each]) =>
        one(kind === "ConditionCheck" ? "ConditionCheckItem" : `${kind}Item`, each),
      ),
    );
  }
}

interface Request {
  readonly IndexName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, Request>>[];
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
}

const partitionsIn = ({ Key, Item }: Request): string[] =>
  [Key, Item].flatMap((keys) => (keys ? [String(keys[chatTable.partitionKey])] : []));

/** As much of IAM's grammar as the grants of a function use; anything else allows nothing. */
function allows(statement: Statement, { action, resource, context = {} }: Call): boolean {
  return (
    statement.effect === "Allow" &&
    coversAction(statement, action) &&
    coversResource(statement, resource) &&
    statement.conditions.every(({ operator, key, values }) => {
      const found = context[key] ?? [];
      const isLike = (text: string) => values.some((pattern) => like(pattern, text));
      if (operator === "ForAllValues:StringLike") return found.every(isLike);
      return operator === "StringLike" && found.length === 1 && found.every(isLike);
    })
  );
}
