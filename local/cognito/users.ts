import { randomUUID } from "node:crypto";
import { z } from "zod";
import { CognitoError, notAuthorized, notImplemented } from "./errors.ts";
import {
  attributeList,
  attributesSchema,
  epochSeconds,
  type Operation,
  operation,
} from "./operation.ts";
import { checkPasswordPolicy, generatePassword, passwordOf } from "./passwords.ts";
import { describeGroup, existingClient, existingGroup, existingPool } from "./pools.ts";
import type { CognitoStore, Pool, User } from "./store.ts";

const userSchema = z.object({ UserPoolId: z.string(), Username: z.string().min(1).max(128) });
const listSchema = z.object({
  UserPoolId: z.string(),
  Limit: z.int().min(0).max(60).optional(),
  PaginationToken: z.never().optional(),
  NextToken: z.never().optional(),
});

/** What an administrator does with users. No invitation is ever sent: there is nowhere to send it. */
export const userOperations: Readonly<Record<string, Operation>> = {
  AdminCreateUser: operation(
    userSchema.extend({
      TemporaryPassword: z.string().optional(),
      UserAttributes: attributesSchema,
      MessageAction: z.literal("SUPPRESS").optional(),
      DesiredDeliveryMediums: z.array(z.string()).optional(),
    }),
    async ({ UserPoolId, Username, TemporaryPassword, UserAttributes }, { store }) => {
      const pool = existingPool(store, UserPoolId);
      const password = TemporaryPassword ?? generatePassword();
      checkPasswordPolicy(pool, password);
      const created = newUser(pool, Username, UserAttributes);
      const user = { ...created, ...(await passwordOf(pool, created.username, password)) };
      if (findUser(store, pool, Username)) {
        throw new CognitoError("UsernameExistsException", "User account already exists");
      }
      store.put("user", pool.id, user.username, user);
      return { User: { ...describeUser(user), Attributes: attributeList(user.attributes) } };
    },
  ),

  AdminSetUserPassword: operation(
    userSchema.extend({ Password: z.string(), Permanent: z.boolean().default(false) }),
    async ({ UserPoolId, Username, Password, Permanent }, { store }) => {
      const pool = existingPool(store, UserPoolId);
      checkPasswordPolicy(pool, Password);
      const { username } = existingUser(store, pool, Username);
      const password = await passwordOf(pool, username, Password);
      const user = existingUser(store, pool, Username);
      const status = Permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD";
      store.put("user", pool.id, user.username, {
        ...user,
        ...password,
        status,
        modifiedAt: epochSeconds(),
      });
      return {};
    },
  ),

  AdminGetUser: operation(userSchema, ({ UserPoolId, Username }, { store }) => {
    const user = existingUser(store, existingPool(store, UserPoolId), Username);
    return { ...describeUser(user), UserAttributes: attributeList(user.attributes) };
  }),

  // One page holds everything, as of pools: a laptop has few users.
  ListUsers: operation(listSchema, ({ UserPoolId }, { store }) => ({
    Users: store.list("user", existingPool(store, UserPoolId).id).map(listedUser),
  })),

  ListUsersInGroup: operation(
    listSchema.extend({ GroupName: z.string() }),
    ({ UserPoolId, GroupName }, { store }) => {
      const { name, poolId } = existingGroup(store, UserPoolId, GroupName);
      const members = store.list("user", poolId).filter(({ groups }) => groups.includes(name));
      return { Users: members.map(listedUser) };
    },
  ),

  AdminRemoveUserFromGroup: operation(
    userSchema.extend({ GroupName: z.string() }),
    ({ UserPoolId, Username, GroupName }, { store }) => {
      const { name } = existingGroup(store, UserPoolId, GroupName);
      const user = existingUser(store, existingPool(store, UserPoolId), Username);
      const groups = user.groups.filter((one) => one !== name);
      store.put("user", user.poolId, user.username, { ...user, groups });
      return {};
    },
  ),

  AdminAddUserToGroup: operation(
    userSchema.extend({ GroupName: z.string() }),
    ({ UserPoolId, Username, GroupName }, { store }) => {
      const group = existingGroup(store, UserPoolId, GroupName);
      const user = existingUser(store, existingPool(store, UserPoolId), Username);
      const groups = [...new Set([...user.groups, group.name])];
      store.put("user", user.poolId, user.username, { ...user, groups });
      return {};
    },
  ),

  AdminListGroupsForUser: operation(z.looseObject(userSchema.shape), (input, { store }) => {
    const user = existingUser(store, existingPool(store, input.UserPoolId), input.Username);
    const groups = user.groups.map((name) => existingGroup(store, user.poolId, name));
    return { Groups: groups.map(describeGroup) };
  }),

  SignUp: operation(z.looseObject({ ClientId: z.string() }), ({ ClientId }, { store }) => {
    const pool = existingPool(store, existingClient(store, ClientId).poolId);
    const { AllowAdminCreateUserOnly } = adminCreateSchema.parse(
      pool.settings.AdminCreateUserConfig,
    );
    if (AllowAdminCreateUserOnly) {
      throw notAuthorized("SignUp is not permitted for this user pool");
    }
    throw notImplemented("SignUp, which needs a confirmation code by e-mail or SMS");
  }),
};

const adminCreateSchema = z
  .looseObject({ AllowAdminCreateUserOnly: z.boolean().default(false) })
  .default({ AllowAdminCreateUserOnly: false });

const aliasSchema = z.array(z.string()).default([]);
const usernameSchema = z.object({ CaseSensitive: z.boolean() }).default({ CaseSensitive: true });

/** By username, or by an attribute that the pool lets people sign in with. */
export function findUser(store: CognitoStore, pool: Pool, login: string): User | undefined {
  const { CaseSensitive } = usernameSchema.parse(pool.settings.UsernameConfiguration);
  const normalise = (name: string) => (CaseSensitive ? name : name.toLowerCase());
  const exact = store.get("user", pool.id, normalise(login));
  if (exact !== undefined) return exact;
  const aliases = [
    ...aliasSchema.parse(pool.settings.UsernameAttributes),
    ...aliasSchema.parse(pool.settings.AliasAttributes),
  ].filter((alias) => alias !== "preferred_username");
  if (aliases.length === 0) return undefined;
  return store
    .list("user", pool.id)
    .find((user) =>
      aliases.some((alias) => normalise(user.attributes[alias] ?? "") === normalise(login)),
    );
}

export function existingUser(store: CognitoStore, pool: Pool, login: string): User {
  const user = findUser(store, pool, login);
  if (user === undefined) throw new CognitoError("UserNotFoundException", "User does not exist.");
  return user;
}

function newUser(pool: Pool, login: string, given: Readonly<Record<string, string>>): User {
  const sub = randomUUID();
  const [loginAttribute] = aliasSchema.parse(pool.settings.UsernameAttributes);
  const { CaseSensitive } = usernameSchema.parse(pool.settings.UsernameConfiguration);
  const createdAt = epochSeconds();
  return {
    poolId: pool.id,
    // Where people sign in with an attribute, Cognito makes the username itself.
    username: loginAttribute ? sub : CaseSensitive ? login : login.toLowerCase(),
    status: "FORCE_CHANGE_PASSWORD",
    createdAt,
    modifiedAt: createdAt,
    attributes: { ...given, ...(loginAttribute && { [loginAttribute]: login }), sub },
    groups: [],
  };
}

const describeUser = ({ username, status, createdAt, modifiedAt }: User) => ({
  Username: username,
  UserStatus: status,
  Enabled: true,
  UserCreateDate: createdAt,
  UserLastModifiedDate: modifiedAt,
});

const listedUser = (user: User) => ({
  ...describeUser(user),
  Attributes: attributeList(user.attributes),
});
