/**
 * Properties of data resources that no service can change in place: the provider then makes a new,
 * empty resource and deletes the old one. `@pulumi/aws`'s declarations do not say which these are, so
 * they are listed here as the provider has them (`ForceNew` in hashicorp/terraform-provider-aws,
 * `internal/service/…`, which `@pulumi/aws` 7 is built on), with what would be lost.
 */
export interface DataResourceType {
  /** What replacing the resource loses, to end the sentence "…, which loses". */
  readonly loses: string;
  /** Paths of inputs. */
  readonly properties: readonly string[];
  /** True for a setting of a data resource: without the data resource it means nothing. */
  readonly setting?: true;
  /** Changes that the service refuses or cannot undo, beyond what replaces. */
  readonly irrevocable?: (before: Inputs, after: Inputs) => string | undefined;
}

export type Inputs = Readonly<Record<string, unknown>>;

/** Where a resource lives is never changed in place, whatever its type. */
const region = "region";

const bucketSetting: DataResourceType = {
  loses: "the bucket's setting meanwhile",
  properties: [region],
  setting: true,
};

export const dataResourceTypes: Readonly<Record<string, DataResourceType>> = {
  "aws:dynamodb/table:Table": {
    loses: "every item",
    properties: [
      region,
      "name",
      "hashKey",
      "rangeKey",
      "localSecondaryIndexes",
      "importTable",
      "restoreSourceName",
      "restoreSourceTableArn",
      "restoreDateTime",
      "restoreToLatestTime",
    ],
    irrevocable: (before, after) => keyType(before, after) ?? droppedReplica(before, after),
  },
  "aws:s3/bucket:Bucket": {
    loses: "every object",
    properties: [region, "bucket", "bucketPrefix", "objectLockEnabled"],
  },
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketSetting,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting,
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting,
  "aws:cognito/userPool:UserPool": {
    loses: "every user, password and second factor",
    properties: [
      region,
      "name",
      "aliasAttributes",
      "usernameAttributes",
      "usernameConfiguration.caseSensitive",
    ],
    irrevocable: changedAttribute,
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    loses: "the client id that every app signs in with",
    properties: [region, "generateSecret"],
  },
  "aws:cognito/userGroup:UserGroup": {
    loses: "who is a member",
    properties: [region, "name"],
  },
  "aws:kms/key:Key": {
    loses: "the only key to what it has encrypted",
    properties: [
      region,
      "keyUsage",
      "customerMasterKeySpec",
      "customKeyStoreId",
      "xksKeyId",
      "multiRegion",
    ],
  },
  "aws:backup/vault:Vault": {
    loses: "every backup",
    properties: [region, "name", "kmsKeyArn"],
  },
};

interface Attribute {
  readonly name: string;
  readonly type: string;
}

/** DynamoDB refuses another type for an attribute that is a key already. */
function keyType(before: Inputs, after: Inputs): string | undefined {
  const types = new Map(list<Attribute>(after.attributes).map(({ name, type }) => [name, type]));
  const changed = list<Attribute>(before.attributes).find(
    ({ name, type }) => types.has(name) && types.get(name) !== type,
  );
  return changed && `attribute "${changed.name}" would change its type from ${changed.type}`;
}

interface Replica {
  readonly regionName: string;
}

function droppedReplica(before: Inputs, after: Inputs): string | undefined {
  const kept = new Set(list<Replica>(after.replicas).map(({ regionName }) => regionName));
  const dropped = list<Replica>(before.replicas).find(({ regionName }) => !kept.has(regionName));
  return dropped && `the replica in ${dropped.regionName} would be deleted`;
}

interface SchemaAttribute {
  readonly name: string;
}

/** Cognito adds attributes and changes none (API reference, `AddCustomAttributes`). */
function changedAttribute(before: Inputs, after: Inputs): string | undefined {
  const now = new Map(list<SchemaAttribute>(after.schemas).map((one) => [one.name, one]));
  const changed = list<SchemaAttribute>(before.schemas).find(
    (one) => JSON.stringify(now.get(one.name)) !== JSON.stringify(one),
  );
  return changed && `attribute "${changed.name}" of its schema would change or go`;
}

const list = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? value : []);
