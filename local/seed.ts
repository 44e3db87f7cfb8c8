import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { generatePassword } from "./cognito/passwords.ts";
import type { Accounts, DataDir } from "./data-dir.ts";

export interface SeededTenant {
  readonly id: string;
  readonly userPoolId: string;
  /** Groups that the pool has. */
  readonly groups: readonly string[];
  /** True when people sign in with their e-mail address. */
  readonly byEmail: boolean;
  /** Of the pool's password policy. */
  readonly minimumPasswordLength: number;
}

type Account = Accounts[string]["users"][number];

/** One administrator and two users a tenant. */
const people = [
  { name: "admin", groups: ["admins"] },
  { name: "ada", groups: [] },
  { name: "ben", groups: [] },
];

/**
 * Gives each tenant its test users. Their passwords are made once, at random, and kept in the data
 * folder; users that an earlier run made are left as they are.
 */
export async function seedUsers(
  cognito: CognitoIdentityProviderClient,
  dataDir: DataDir,
  tenants: readonly SeededTenant[],
): Promise<Accounts> {
  const known = dataDir.accounts();
  const accounts: Accounts = Object.fromEntries(
    tenants.map((tenant) => {
      const earlier = known[tenant.id];
      if (earlier?.userPoolId === tenant.userPoolId) return [tenant.id, earlier];
      const { userPoolId } = tenant;
      return [tenant.id, { userPoolId, seeded: false, users: people.map(accountFor(tenant)) }];
    }),
  );
  // First on the disk, then in the pool: the other way round, a crash would lose the passwords.
  dataDir.saveAccounts({ ...known, ...accounts });
  await Promise.all(
    Object.values(accounts).map(async (account) => {
      if (account.seeded) return;
      await Promise.all(account.users.map((user) => createUser(cognito, account.userPoolId, user)));
      account.seeded = true;
    }),
  );
  dataDir.saveAccounts({ ...known, ...accounts });
  return accounts;
}

const accountFor =
  (tenant: SeededTenant) =>
  ({ name, groups }: (typeof people)[number]): Account => ({
    username: tenant.byEmail ? `${name}@${tenant.id}.example` : name,
    password: generatePassword(Math.max(24, tenant.minimumPasswordLength)),
    groups: groups.filter((group) => tenant.groups.includes(group)),
  });

async function createUser(
  cognito: CognitoIdentityProviderClient,
  UserPoolId: string,
  { username: Username, password: Password, groups }: Account,
): Promise<void> {
  const email = Username.includes("@") ? Username : `${Username}@example.com`;
  try {
    await cognito.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        MessageAction: "SUPPRESS",
        // Cognito makes one up where none is given; emulators refuse a user without.
        TemporaryPassword: Password,
        UserAttributes: [
          { Name: "email", Value: email },
          { Name: "email_verified", Value: "true" },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "UsernameExistsException") throw error;
  }
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }),
  );
  for (const GroupName of groups) {
    await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
  }
}
