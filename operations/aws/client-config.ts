/**
 * `operations/aws/`: which region, account, table and bucket of a tenant an operation works on, and buses outside of
 * the stacks that are told of it.
 *
 * The account and region of a stack, as AWS's clients want to know them.
 */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { placeOf, roleOf } from "../../offline/engine-config/place.ts";
import { readProject, readStackFile } from "../../offline/project.ts";

/** What every client of a stack's account is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly profile?: string;
  readonly credentials?: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration?: Date;
  }>;
}

/** In the stack's region, as the role that its provider assumes, else as its profile or as the SDK finds. */
export async function clientConfig(root: string, stack: string): Promise<ClientConfig> {
  const file = readStackFile(root, readProject(root).name, stack, undefined, undefined, {
    only: [],
  });
  const { region } = placeOf(file);
  const profile = file.config["aws:profile"];
  const config = { region, ...(profile !== undefined && { profile }) };
  const RoleArn = roleOf(file);
  if (RoleArn === undefined) return config;
  const sts = new STSClient(config);
  return {
    region,
    async credentials() {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: "chatstack" }),
      );
      const {
        AccessKeyId = "",
        SecretAccessKey = "",
        SessionToken = "",
        Expiration,
      } = Credentials ?? {};
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        ...(Expiration && { expiration: Expiration }),
      };
    },
  };
}
