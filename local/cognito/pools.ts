import { randomInt } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { CognitoError, notFound } from "./errors.ts";
import { epochSeconds, type Operation, operation } from "./operation.ts";
import type { Client, CognitoStore, Group, Pool } from "./store.ts";

const tagsSchema = z.record(z.string(), z.string());
const poolIdSchema = z.object({ UserPoolId: z.string() });
const clientIdSchema = poolIdSchema.extend({ ClientId: z.string() });
const pageSchema = z.looseObject({ NextToken: z.never().optional() });

/** Pools, their clients and groups. Settings are kept as given and described as kept. */
export const poolOperations: Readonly<Record<string, Operation>> = {
  CreateUserPool: operation(
    z.looseObject({ PoolName: z.string().min(1).max(128), UserPoolTags: tagsSchema.default({}) }),
    async ({ PoolName, UserPoolTags, ...settings }, { store, region, accountId }) => {
      const id = `${region}_${randomText(9, upperCase + lowerCase + digits)}`;
      const { privateKey } = await generateKeyPair("RS256", { extractable: true });
      const pool: Pool = {
        id,
        name: PoolName,
        arn: `arn:aws:cognito-idp:${region}:${accountId}:userpool/${id}`,
        createdAt: epochSeconds(),
        modifiedAt: epochSeconds(),
        key: { ...(await exportJWK(privateKey)), kid: randomText(43, lowerCase + digits) },
        tags: UserPoolTags,
        settings,
      };
      store.put("pool", "", id, pool);
      return { UserPool: describePool(pool) };
    },
  ),

  DescribeUserPool: operation(poolIdSchema, ({ UserPoolId }, { store }) => ({
    UserPool: describePool(existingPool(store, UserPoolId)),
  })),

  // One page holds everything: a laptop has few pools.
  ListUserPools: operation(pageSchema, (_, { store }) => ({
    UserPools: store.list("pool", "").map(({ id, name, createdAt, modifiedAt }) => ({
      Id: id,
      Name: name,
      CreationDate: createdAt,
      LastModifiedDate: modifiedAt,
    })),
  })),

  // As in Cognito, what an update leaves out returns to its default.
  UpdateUserPool: operation(
    z.looseObject({ UserPoolId: z.string(), UserPoolTags: tagsSchema.optional() }),
    ({ UserPoolId, UserPoolTags, ...settings }, { store }) => {
      const pool = existingPool(store, UserPoolId);
      const fixed = pick(pool.settings, [
        "Schema",
        "UsernameAttributes",
        "AliasAttributes",
        "UsernameConfiguration",
      ]);
      const modifiedAt = epochSeconds();
      store.put("pool", "", pool.id, {
        ...pool,
        modifiedAt,
        tags: UserPoolTags ?? pool.tags,
        settings: { ...settings, ...fixed },
      });
      return {};
    },
  ),

  ListTagsForResource: operation(
    z.object({ ResourceArn: z.string() }),
    ({ ResourceArn }, { store }) => ({
      Tags: existingPool(store, ResourceArn.split("/").at(-1) ?? "").tags,
    }),
  ),

  TagResource: operation(
    z.object({ ResourceArn: z.string(), Tags: tagsSchema }),
    ({ ResourceArn, Tags }, { store }) => {
      const pool = existingPool(store, ResourceArn.split("/").at(-1) ?? "");
      store.put("pool", "", pool.id, { ...pool, tags: { ...pool.tags, ...Tags } });
      return {};
    },
  ),

  CreateUserPoolClient: operation(
    z.looseObject({
      UserPoolId: z.string(),
      ClientName: z.string(),
      GenerateSecret: z.boolean().default(false),
    }),
    ({ UserPoolId, ClientName, GenerateSecret, ...settings }, { store }) => {
      const client: Client = {
        id: randomText(26, lowerCase + digits),
        poolId: existingPool(store, UserPoolId).id,
        name: ClientName,
        createdAt: epochSeconds(),
        modifiedAt: epochSeconds(),
        settings,
        ...(GenerateSecret && { secret: randomText(51, lowerCase + digits) }),
      };
      store.put("client", "", client.id, client);
      return { UserPoolClient: describeClient(client) };
    },
  ),

  DescribeUserPoolClient: operation(clientIdSchema, ({ UserPoolId, ClientId }, { store }) => ({
    UserPoolClient: describeClient(existingClient(store, ClientId, UserPoolId)),
  })),

  ListUserPoolClients: operation(
    pageSchema.extend({ UserPoolId: z.string() }),
    ({ UserPoolId }, { store }) => ({
      UserPoolClients: store
        .list("client", "")
        .filter((client) => client.poolId === existingPool(store, UserPoolId).id)
        .map(({ id, poolId, name }) => ({ ClientId: id, UserPoolId: poolId, ClientName: name })),
    }),
  ),

  UpdateUserPoolClient: operation(
    z.looseObject({ ...clientIdSchema.shape, ClientName: z.string().optional() }),
    ({ UserPoolId, ClientId, ClientName, ...settings }, { store }) => {
      const old = existingClient(store, ClientId, UserPoolId);
      const client = { ...old, name: ClientName ?? old.name, modifiedAt: epochSeconds(), settings };
      store.put("client", "", client.id, client);
      return { UserPoolClient: describeClient(client) };
    },
  ),

  CreateGroup: operation(
    z.object({
      UserPoolId: z.string(),
      GroupName: z.string().min(1).max(128),
      Description: z.string().optional(),
      Precedence: z.number().int().min(0).optional(),
      RoleArn: z.string().optional(),
    }),
    ({ UserPoolId, GroupName, Description, Precedence }, { store }) => {
      const poolId = existingPool(store, UserPoolId).id;
      if (store.get("group", poolId, GroupName)) {
        throw new CognitoError("GroupExistsException", "A group with the name already exists.");
      }
      const group: Group = {
        poolId,
        name: GroupName,
        createdAt: epochSeconds(),
        ...(Description !== undefined && { description: Description }),
        ...(Precedence !== undefined && { precedence: Precedence }),
      };
      store.put("group", poolId, GroupName, group);
      return { Group: describeGroup(group) };
    },
  ),

  GetGroup: operation(
    poolIdSchema.extend({ GroupName: z.string() }),
    ({ UserPoolId, GroupName }, { store }) => ({
      Group: describeGroup(existingGroup(store, UserPoolId, GroupName)),
    }),
  ),

  ListGroups: operation(
    pageSchema.extend({ UserPoolId: z.string() }),
    ({ UserPoolId }, { store }) => ({
      Groups: store.list("group", existingPool(store, UserPoolId).id).map(describeGroup),
    }),
  ),
};

export function existingPool(store: CognitoStore, id: string): Pool {
  const pool = store.get("pool", "", id);
  if (pool === undefined) throw notFound(`User pool ${id} does not exist.`);
  return pool;
}

/** @param poolId Omitted where the API identifies a client by its id alone. */
export function existingClient(store: CognitoStore, id: string, poolId?: string): Client {
  const client = store.get("client", "", id);
  if (client === undefined || client.poolId !== (poolId ?? client.poolId)) {
    throw notFound(`User pool client ${id} does not exist.`);
  }
  return client;
}

export function existingGroup(store: CognitoStore, poolId: string, name: string): Group {
  const group = store.get("group", existingPool(store, poolId).id, name);
  if (group === undefined) throw notFound("Group not found.");
  return group;
}

function describePool({ id, name, arn, createdAt, modifiedAt, tags, settings }: Pool) {
  return {
    ...settings,
    Id: id,
    Name: name,
    Arn: arn,
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    UserPoolTags: tags,
  };
}

function describeClient({ id, poolId, name, secret, createdAt, modifiedAt, settings }: Client) {
  return {
    ...settings,
    ClientId: id,
    UserPoolId: poolId,
    ClientName: name,
    ...(secret !== undefined && { ClientSecret: secret }),
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
  };
}

export const describeGroup = ({ poolId, name, description, precedence, createdAt }: Group) => ({
  UserPoolId: poolId,
  GroupName: name,
  Description: description,
  Precedence: precedence,
  CreationDate: createdAt,
  LastModifiedDate: createdAt,
});

const upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

const randomText = (length: number, alphabet: string) =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");

const pick = (record: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(names.filter((name) => name in record).map((name) => [name, record[name]]));
