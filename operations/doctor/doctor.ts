/** What an AWS account says of itself, for `chatstack doctor`. It is read only: every call is a Get or a List. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { globalRegion } from "../../offline/doctor/capacity.ts";
import type { AccountFacts, Read } from "../../offline/doctor/facts.ts";
import type { Needs } from "../../offline/doctor/needs.ts";
import { foundationModelOf } from "../../offline/doctor/services.ts";
import { readConcurrency, readLimits } from "./capacity.ts";
import { readBoundary, readServiceRole } from "./identity.ts";
import { type Connection, reading } from "./reading.ts";
import {
  readCostTags,
  readGatewayRole,
  readMail,
  readModel,
  readSubscriptions,
  readZone,
} from "./services.ts";

/**
 * Reads what the stack needs to know; each answer that AWS refuses is told as refused.
 *
 * @param profile of AWS's shared files. Default: as the SDK finds credentials.
 * @throws Error where there are no credentials, or AWS takes none of them.
 */
export async function readFacts(needs: Needs, profile: string | undefined): Promise<AccountFacts> {
  const place: Connection = {
    region: needs.region,
    globalRegion: globalRegion(needs.region),
    ...(profile !== undefined && { profile }),
  };
  const account = await readIdentity(place);
  const [concurrency, limits, gatewayRole, costTags, mail] = await Promise.all([
    readConcurrency(place),
    readLimits(place),
    readGatewayRole(place),
    needs.costTags.length > 0 ? readCostTags(place) : { refused: "It was not read." },
    needs.mail.ses > 0 ? readMail(place) : { refused: "It was not read." },
  ]);
  const services = needs.serviceRoles.map(({ service }) => service);
  return {
    account,
    concurrency,
    limits,
    gatewayRole,
    costTags,
    mail,
    models: await each(needs.models, (id) => readModel(place, foundationModelOf(id))),
    serviceRoles: await each(services, (service) => readServiceRole(place, service)),
    boundaries: await each(needs.roles.boundaries, (arn) => readBoundary(place, arn)),
    zones: await each(
      needs.zones.map(({ id }) => id),
      (id) => readZone(place, id),
    ),
    topics: await each(needs.topics, (arn) => readSubscriptions(place, arn)),
  };
}

async function each<T>(
  keys: readonly string[],
  read: (key: string) => Promise<Read<T>>,
): Promise<Map<string, Read<T>>> {
  const facts = new Map<string, Read<T>>();
  for (const key of keys) facts.set(key, await read(key));
  return facts;
}

async function readIdentity(place: Connection): Promise<string> {
  const client = new STSClient(place);
  const read = await reading("sts:GetCallerIdentity", async () => {
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    return Account;
  });
  client.destroy();
  if ("value" in read && read.value !== undefined) return read.value;
  const why = "refused" in read ? read.refused : "AWS names no account.";
  throw new Error(`--account: ${why} Log in, or name a profile in AWS_PROFILE.`);
}
