import { entriesOf, type Fields, fieldsOf } from "../../offline/fields.ts";
import type { Access } from "./decide.ts";
import { type KeyInfo, keyUse } from "./s3.ts";

/** A table by its name, as far as a decision needs it. */
export interface TableInfo {
  readonly arn: string;
  readonly partitionKey: string;
  /** Key that it is encrypted with; absent where AWS owns it. */
  readonly key?: KeyInfo | undefined;
}

/**
 * What a call does: a transaction and a batch do several things, each with an action of its own. Calls that IAM knows
 * no table of are asked about as `*`.
 * (Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".)
 *
 * @param operation e.g. `"PutItem"`.
 */
export function accessesOf(
  operation: string,
  request: Fields,
  tables: ReadonlyMap<string, TableInfo>,
): Access[] {
  const accesses = ofTables(operation, request, tables);
  // DynamoDB uses the key on behalf of the caller (DynamoDB Developer Guide, "Encryption at rest: How it works").
  const arns = new Set(accesses.map(({ resource }) => resource.split("/index/")[0]));
  const keys = [...tables.values()].filter(({ arn }) => arns.has(arn)).map(({ key }) => key);
  return [...accesses, ...keys.flatMap((key) => keyUse("kms:Decrypt", key))];
}

function ofTables(
  operation: string,
  request: Fields,
  tables: ReadonlyMap<string, TableInfo>,
): Access[] {
  const access = (name: string, fields: Fields): Access => {
    const given = text(fields.TableName);
    const table = tables.get(given.split("/").at(-1) ?? given);
    const arn = table?.arn ?? "*";
    const index = text(fields.IndexName);
    const key = table && leadingKey(fields, table.partitionKey);
    return {
      action: `dynamodb:${name}`,
      resource: index === "" ? arn : `${arn}/index/${index}`,
      context: key === undefined ? {} : { "dynamodb:leadingkeys": [key] },
    };
  };
  switch (operation) {
    case "TransactWriteItems":
      return entriesOf(request.TransactItems).flatMap((item) =>
        Object.entries(item).map(([kind, fields]) =>
          access(
            kind === "ConditionCheck" ? "ConditionCheckItem" : `${kind}Item`,
            fieldsOf(fields),
          ),
        ),
      );
    case "TransactGetItems":
      return entriesOf(request.TransactItems).map((item) => access("GetItem", fieldsOf(item.Get)));
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.keys(fieldsOf(request.RequestItems)).map((TableName) =>
        access(operation, { TableName }),
      );
    default:
      return [access(operation, request)];
  }
}

function leadingKey({ Item, Key }: Fields, partitionKey: string): string | undefined {
  const value = fieldsOf(fieldsOf(Item ?? Key)[partitionKey]).S;
  return typeof value === "string" ? value : undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
