/** `chatstack token`: an access token of a test user, from the running environment. */
import type { Command } from "commander";
import { UsageError } from "../../../offline/usage-error.ts";
import { dataDirOption } from "../options.ts";
import { notFound, runningOn, tenantOf } from "./running.ts";

export function registerToken(program: Command) {
  program
    .command("token")
    .description("sign a test user in to the running environment and print the access token")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .argument("<user>", "name of the user, e.g. admin or admin@acme.example")
    .addOption(dataDirOption("data folder of the running environment"))
    .addHelpText(
      "after",
      `
Example:
  $ curl -H "Authorization: Bearer $(chatstack token acme admin)" http://127.0.0.1:8787/acme/v1/me`,
    )
    .action(token);
  return { example: "token acme admin", does: "print an access token of a tenant's user" };
}

async function token(
  tenantId: string,
  user: string,
  flags: { readonly dataDir: string },
): Promise<void> {
  const { DataDir } = await import("../../../local/data-dir.ts");
  const dataDir = new DataDir(flags.dataDir);
  const running = runningOn(dataDir);
  const tenant = tenantOf(running, tenantId);
  const accounts = dataDir.accounts();
  const users = accounts[tenantId]?.users ?? [];
  const account = users.find(
    ({ username }) => username === user || username.split("@")[0] === user,
  );
  if (account === undefined) {
    throw new UsageError(
      notFound(
        "user",
        user,
        users.map(({ username }) => username),
      ),
    );
  }
  const { signIn } = await import("../../../local/sign-in.ts");
  const { cognitoEndpoint, region } = running;
  const onSetup = (totpSecret: string) => {
    account.totpSecret = totpSecret;
    dataDir.saveAccounts(accounts);
  };
  const request = { ...tenant, ...account, cognitoEndpoint, region, onSetup };
  process.stdout.write(`${await signIn(request)}\n`);
}
