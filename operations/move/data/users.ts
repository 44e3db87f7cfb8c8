/** The users of a tenant's pool, made in the pool of its new cell. */
import { randomBytes } from "node:crypto";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminLinkProviderForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  paginateListGroups,
  paginateListUsers,
  paginateListUsersInGroup,
  type UserType,
} from "@aws-sdk/client-cognito-identity-provider";
import { z } from "zod";
import { UsageError } from "../../../offline/usage-error.ts";
import type { OnProgress } from "../../aws/tables.ts";
import type { UserIds } from "./user-ids.ts";

export interface Pool {
  readonly client: CognitoIdentityProviderClient;
  readonly id: string;
}

export interface MovedUsers {
  readonly ids: UserIds;
  readonly created: number;
  /** Of the users, those whose identity comes from a directory. They sign in as before. */
  readonly federated: number;
  /** Logins of users whom Cognito can send no code to: somebody has to set their passwords. */
  readonly unreachable: readonly string[];
  /** Logins that the new pool alone has. */
  readonly strangers: readonly string[];
}

/**
 * Makes the users that the new pool lacks, with their attributes and groups. Cognito gives nobody a password's hash or an
 * authenticator app's secret, and every user a new `sub`: users take "forgot password" once, and register their
 * app again. An identity of a directory is linked to its new user before it signs in the first time. Repeated, it changes
 * what changed.
 *
 * Sources: Amazon Cognito Developer Guide, "Importing users into a user pool" (passwords are not imported); API Reference,
 * "AdminLinkProviderForUser" and "AdminSetUserPassword" (a permanent password sets the status to CONFIRMED).
 */
export async function moveUsers(from: Pool, to: Pool, onProgress: OnProgress): Promise<MovedUsers> {
  const { byEmail } = await poolOf(to);
  const [olds, news] = await Promise.all([usersOf(from), usersOf(to)]);
  const known = new Map(news.map((user) => [user.login(byEmail), user]));
  refuseNamesakes(olds.map((user) => user.login(byEmail)));
  const ids = new Map<string, string>();
  let created = 0;
  for (const user of olds) {
    const login = user.login(byEmail);
    const found = known.get(login);
    const isUnfinished = found?.status === "FORCE_CHANGE_PASSWORD" && !user.isFederated;
    const sub = found?.sub ?? (await create(to, user, login));
    if (found === undefined) created++;
    if (found === undefined || isUnfinished) await finish(to, user, login);
    known.delete(login);
    ids.set(user.sub, sub);
    onProgress(`users: ${ids.size} of ${olds.length}`);
  }
  await moveGroups(from, to, byEmail);
  return {
    ids,
    created,
    federated: olds.filter(({ isFederated }) => isFederated).length,
    unreachable: olds
      .filter((user) => !user.isFederated && !user.isReachable)
      .map((user) => user.login(byEmail)),
    strangers: [...known.keys()],
  };
}

/** Their items would be one user's: a pool may have an address twice, of a directory's user and another. */
function refuseNamesakes(logins: readonly string[]): void {
  const twice = repeatedOf(logins);
  if (twice.length === 0) return;
  throw new UsageError(
    `Several users of the old pool sign in as ${[...new Set(twice)].join(", ")}, and the new pool takes one of each: ` +
      "erase all but one of them, or give them other addresses.",
  );
}

function repeatedOf(logins: readonly string[]): string[] {
  const seen = new Set<string>();
  return logins.filter((login) => seen.size === seen.add(login).size);
}

const identities = z.array(
  z.looseObject({ userId: z.string(), providerName: z.string(), primary: z.unknown() }),
);

class PoolUser {
  readonly #user: UserType;
  readonly attributes: ReadonlyMap<string, string>;

  constructor(user: UserType) {
    this.#user = user;
    const pairs = (user.Attributes ?? []).map(
      ({ Name = "", Value = "" }) => [Name, Value] as const,
    );
    this.attributes = new Map(pairs);
  }

  get sub(): string {
    return this.attributes.get("sub") ?? "";
  }

  get status() {
    return this.#user.UserStatus;
  }

  get isEnabled(): boolean {
    return this.#user.Enabled !== false;
  }

  get isFederated(): boolean {
    return this.status === "EXTERNAL_PROVIDER";
  }

  get isReachable(): boolean {
    const isVerified = (name: string) => this.attributes.get(`${name}_verified`) === "true";
    return isVerified("email") || isVerified("phone_number");
  }

  get identities() {
    const text = this.attributes.get("identities");
    return text === undefined ? [] : identities.parse(JSON.parse(text));
  }

  /** What the user signs in with. Where that is an address, the username is one that Cognito made. */
  login(byEmail: boolean): string {
    const name = this.#user.Username ?? "";
    if (!byEmail) return name;
    return this.attributes.get("email") ?? this.attributes.get("phone_number") ?? name;
  }
}

async function poolOf({ client, id }: Pool) {
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId: id }));
  return { byEmail: (UserPool?.UsernameAttributes ?? []).length > 0 };
}

async function usersOf({ client, id }: Pool): Promise<PoolUser[]> {
  const found: PoolUser[] = [];
  for await (const { Users = [] } of paginateListUsers({ client }, { UserPoolId: id })) {
    found.push(...Users.map((user) => new PoolUser(user)));
  }
  return found;
}

/** Cognito's own: nobody may set them. */
const isOwn = (name: string): boolean =>
  name === "sub" || name === "identities" || name.startsWith("cognito:");

async function create({ client, id }: Pool, user: PoolUser, login: string): Promise<string> {
  const { User } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId: id,
      Username: login,
      MessageAction: "SUPPRESS",
      TemporaryPassword: randomPassword(),
      UserAttributes: [...user.attributes]
        .filter(([name]) => !isOwn(name))
        .map(([Name, Value]) => ({ Name, Value })),
    }),
  );
  return new PoolUser(User ?? {}).sub;
}

/** With a password that nobody knows, so that "forgot password" works: it does not before the first one is set. */
async function finish({ client, id: UserPoolId }: Pool, user: PoolUser, Username: string) {
  await client.send(
    new AdminSetUserPasswordCommand({
      ...{ UserPoolId, Username, Password: randomPassword(), Permanent: true },
    }),
  );
  for (const { providerName, userId } of user.identities) {
    await client.send(
      new AdminLinkProviderForUserCommand({
        UserPoolId,
        DestinationUser: { ProviderName: "Cognito", ProviderAttributeValue: Username },
        SourceUser: {
          ProviderName: providerName,
          ProviderAttributeName: "Cognito_Subject",
          ProviderAttributeValue: userId,
        },
      }),
    );
  }
  if (!user.isEnabled) await client.send(new AdminDisableUserCommand({ UserPoolId, Username }));
}

/** Cognito allows no more than 99 characters that it requires of each kind. */
const randomPassword = (): string => `${randomBytes(48).toString("base64url")}aA1!`;

async function moveGroups(from: Pool, to: Pool, byEmail: boolean): Promise<void> {
  for (const name of await groupsOf(to)) {
    const [olds, news] = [await membersOf(from, name, byEmail), await membersOf(to, name, byEmail)];
    const member = (Username: string) => ({ UserPoolId: to.id, Username, GroupName: name });
    for (const login of olds.difference(news)) {
      await to.client.send(new AdminAddUserToGroupCommand(member(login)));
    }
    for (const login of news.difference(olds)) {
      await to.client.send(new AdminRemoveUserFromGroupCommand(member(login)));
    }
  }
}

async function groupsOf({ client, id }: Pool): Promise<string[]> {
  const found: string[] = [];
  for await (const { Groups = [] } of paginateListGroups({ client }, { UserPoolId: id })) {
    found.push(...Groups.flatMap(({ GroupName }) => GroupName ?? []));
  }
  return found;
}

/** Empty where there is no such group. */
async function membersOf({ client, id }: Pool, GroupName: string, byEmail: boolean) {
  const found = new Set<string>();
  try {
    for await (const { Users = [] } of paginateListUsersInGroup(
      { client },
      { UserPoolId: id, GroupName },
    )) {
      for (const user of Users) found.add(new PoolUser(user).login(byEmail));
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
  }
  return found;
}
