import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { describe, expect, it } from "vitest";
import {
  addToGroup,
  cognito,
  connect,
  createPool,
  createUser,
  flows,
  password,
  restart,
  signedIn,
  useCognito,
} from "./support.ts";

useCognito();

describe("the embedded Cognito", () => {
  it("makes pools and clients whose ids look like Cognito's, and describes them as created", async () => {
    const { UserPoolId, ClientId } = await createPool();
    expect(UserPoolId).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/);
    expect(ClientId).toMatch(/^[0-9a-z]{26}$/);
    const { UserPool } = await cognito().send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool).toMatchObject({
      Name: "acme",
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      UserPoolTags: { "chatstack:tenant": "acme" },
    });
    expect(UserPool?.CreationDate).toBeInstanceOf(Date);
    const describe = new DescribeUserPoolClientCommand({ UserPoolId, ClientId });
    expect((await cognito().send(describe)).UserPoolClient).toMatchObject({
      ClientName: "app",
      ExplicitAuthFlows: flows,
    });
  });

  it("puts a pool into the region of the request", async () => {
    const created = await connect("eu-central-1").send(
      new CreateUserPoolCommand({ PoolName: "eu" }),
    );
    expect(created.UserPool?.Id).toMatch(/^eu-central-1_/);
    expect(created.UserPool?.Arn).toContain("arn:aws:cognito-idp:eu-central-1:");
  });

  it("lists pools and clients, and updates settings but not the schema", async () => {
    const { UserPoolId, ClientId } = await createPool();
    const pools = await cognito().send(new ListUserPoolsCommand({ MaxResults: 60 }));
    expect(pools.UserPools?.map((pool) => pool.Id)).toContain(UserPoolId);
    const clients = await cognito().send(new ListUserPoolClientsCommand({ UserPoolId }));
    expect(clients.UserPoolClients?.map((client) => client.ClientId)).toEqual([ClientId]);
    await cognito().send(new UpdateUserPoolCommand({ UserPoolId, MfaConfiguration: "OPTIONAL" }));
    const { UserPool } = await cognito().send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool?.MfaConfiguration).toBe("OPTIONAL");
    expect(UserPool?.Policies).toBeUndefined();
  });

  it("enforces the pool's password policy and keeps usernames unique", async () => {
    const { UserPoolId } = await createPool();
    await createUser(UserPoolId, "ada");
    await expect(createUser(UserPoolId, "ada")).rejects.toMatchObject({
      name: "UsernameExistsException",
    });
    const weak = (Password: string) =>
      cognito().send(new AdminSetUserPasswordCommand({ UserPoolId, Username: "ada", Password }));
    await expect(weak("Short-1")).rejects.toThrow(/not long enough/);
    await expect(weak("correct-horse-42")).rejects.toThrow(/uppercase/);
    await expect(weak("CORRECT-HORSE-42")).rejects.toThrow(/lowercase/);
    await expect(weak("Correct-Horse-Xx")).rejects.toThrow(/numeric/);
    await expect(weak("CorrectHorse4242")).rejects.toThrow(/symbol/);
  });

  it("refuses self sign-up where only administrators create users", async () => {
    const { ClientId } = await createPool();
    const signUp = new SignUpCommand({ ClientId, Username: "eve", Password: password });
    await expect(cognito().send(signUp)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "SignUp is not permitted for this user pool",
    });
  });

  it("names an operation that it does not implement", async () => {
    const { UserPoolId } = await createPool();
    const disable = new AdminDisableUserCommand({ UserPoolId, Username: "ada" });
    await expect(cognito().send(disable)).rejects.toMatchObject({
      name: "NotImplementedException",
      message: "The embedded Cognito does not implement AdminDisableUser.",
    });
  });

  it("lists the users of a pool and of a group, and takes them out of it", async () => {
    const { UserPoolId, ...app } = await createPool();
    await createUser(UserPoolId, "ada");
    const GroupName = "admins";
    await addToGroup({ UserPoolId, ...app }, GroupName);
    const { Users: [user] = [] } = await cognito().send(new ListUsersCommand({ UserPoolId }));
    expect(user).toMatchObject({ Username: "ada", Enabled: true });
    expect(user?.Attributes).toContainEqual({ Name: "sub", Value: expect.any(String) });
    const members = async () =>
      (await cognito().send(new ListUsersInGroupCommand({ UserPoolId, GroupName }))).Users?.length;
    expect(await members()).toBe(1);
    const leave = { UserPoolId, GroupName, Username: "ada" };
    await cognito().send(new AdminRemoveUserFromGroupCommand(leave));
    expect(await members()).toBe(0);
  });

  it("lets people sign in with their address where the pool says so", async () => {
    const { UserPool } = await cognito().send(
      new CreateUserPoolCommand({
        PoolName: "by-email",
        UsernameAttributes: ["email"],
        UsernameConfiguration: { CaseSensitive: false },
      }),
    );
    const UserPoolId = UserPool!.Id!;
    await createUser(UserPoolId, "Ada@Example.com");
    const user = new AdminGetUserCommand({ UserPoolId, Username: "ada@example.com" });
    expect((await cognito().send(user)).Username).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("remembers everything after a restart, and keeps no password or token in its file", async () => {
    const app = await createPool();
    await createUser(app.UserPoolId, "ada");
    await addToGroup(app, "staff");
    const { RefreshToken } = await signedIn(app);
    const dataDir = await restart();

    const again = await signedIn(app);
    const groups = new AdminListGroupsForUserCommand({
      UserPoolId: app.UserPoolId,
      Username: "ada",
    });
    expect((await cognito().send(groups)).Groups?.map((group) => group.GroupName)).toEqual([
      "staff",
    ]);
    for (const suffix of ["", "-wal"]) {
      const file = join(dataDir, `cognito.sqlite${suffix}`);
      const bytes = readFileSync(file, "latin1");
      for (const secret of [password, RefreshToken, again.RefreshToken]) {
        expect(bytes).not.toContain(secret);
      }
      expect(statSync(file).mode & 0o077).toBe(0);
    }
  });
});
