/**
 * Resources that hold data: replacing or deleting one loses what is in it. What replaces them, the provider
 * decides (`provider.ts`); what else the service can never undo stands here.
 */
import type { Fields } from "../fields.ts";

export interface DataResourceType {
  /** What goes with the resource, to end the sentence "…, which loses". */
  readonly loses: string;
  /** Changes that the service refuses or cannot undo, beyond what replaces. */
  readonly irrevocable?: (before: Fields, after: Fields) => string | undefined;
}

export const dataResourceTypes: Readonly<Record<string, DataResourceType>> = {
  "aws:dynamodb/table:Table": {
    loses: "every item",
    irrevocable: (before, after) => keyType(before, after) ?? droppedReplica(before, after),
  },
  "aws:s3/bucket:Bucket": { loses: "every object" },
  "aws:cognito/userPool:UserPool": {
    loses: "every user, password and second factor",
    irrevocable: changedAttribute,
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    loses: "the client id that every app signs in with",
  },
  "aws:cognito/userGroup:UserGroup": { loses: "who is a member" },
  "aws:kms/key:Key": { loses: "the only key to what it has encrypted" },
  "aws:backup/vault:Vault": { loses: "every backup" },
  "aws:cloudwatch/logGroup:LogGroup": { loses: "every log line" },
  "aws:sqs/queue:Queue": { loses: "every message that waits in it" },
};

interface Attribute {
  readonly name: string;
  readonly type: string;
}

/** DynamoDB refuses another type for an attribute that is a key already. */
function keyType(before: Fields, after: Fields): string | undefined {
  const types = new Map(list<Attribute>(after.attributes).map(({ name, type }) => [name, type]));
  const changed = list<Attribute>(before.attributes).find(
    ({ name, type }) => types.has(name) && types.get(name) !== type,
  );
  return changed && `attribute "${changed.name}" would change its type from ${changed.type}`;
}

interface Replica {
  readonly regionName: string;
}

function droppedReplica(before: Fields, after: Fields): string | undefined {
  const kept = new Set(list<Replica>(after.replicas).map(({ regionName }) => regionName));
  const dropped = list<Replica>(before.replicas).find(({ regionName }) => !kept.has(regionName));
  return dropped && `the replica in ${dropped.regionName} would be deleted`;
}

interface SchemaAttribute {
  readonly name: string;
}

/** Cognito adds attributes and changes none (API reference, `AddCustomAttributes`). */
function changedAttribute(before: Fields, after: Fields): string | undefined {
  const now = new Map(list<SchemaAttribute>(after.schemas).map((one) => [one.name, one]));
  const changed = list<SchemaAttribute>(before.schemas).find(
    (one) => JSON.stringify(now.get(one.name)) !== JSON.stringify(one),
  );
  return changed && `attribute "${changed.name}" of its schema would change or go`;
}

const list = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? value : []);
