/** What services were told for the account, or for the account and region. */
import { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { BedrockClient, GetFoundationModelAvailabilityCommand } from "@aws-sdk/client-bedrock";
import { CostExplorerClient, paginateListCostAllocationTags } from "@aws-sdk/client-cost-explorer";
import { GetHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetAccountCommand as GetMailAccountCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import type {
  AccountFacts,
  MailAccess,
  ModelAccess,
  Read,
  Subscriptions,
} from "../../offline/doctor/facts.ts";
import { type Connection, reading, readingPresent } from "./reading.ts";

export async function readModel(place: Connection, modelId: string): Promise<Read<ModelAccess>> {
  using client = closing(new BedrockClient(place));
  return await reading("bedrock:GetFoundationModelAvailability", async () => {
    const {
      agreementAvailability,
      authorizationStatus,
      entitlementAvailability,
      regionAvailability,
    } = await client.sdk.send(new GetFoundationModelAvailabilityCommand({ modelId }));
    return {
      agreement: agreementAvailability?.status ?? "unknown",
      authorization: authorizationStatus ?? "unknown",
      entitlement: entitlementAvailability ?? "unknown",
      region: regionAvailability ?? "unknown",
    };
  });
}

export async function readGatewayRole(place: Connection): Promise<Read<string | undefined>> {
  using client = closing(new APIGatewayClient(place));
  return await reading("apigateway:GET on /account", async () => {
    const { cloudwatchRoleArn } = await client.sdk.send(new GetAccountCommand({}));
    return cloudwatchRoleArn || undefined;
  });
}

export async function readCostTags(place: Connection): Promise<AccountFacts["costTags"]> {
  using client = closing(new CostExplorerClient({ ...place, region: place.globalRegion }));
  return await reading("ce:ListCostAllocationTags", async () => {
    const tags = new Map<string, "Active" | "Inactive">();
    const pages = paginateListCostAllocationTags({ client: client.sdk }, { Type: "UserDefined" });
    for await (const { CostAllocationTags = [] } of pages) {
      for (const { TagKey, Status } of CostAllocationTags) {
        if (TagKey !== undefined && Status !== undefined) tags.set(TagKey, Status);
      }
    }
    return tags;
  });
}

export async function readMail(place: Connection): Promise<Read<MailAccess>> {
  using client = closing(new SESv2Client(place));
  return await reading("ses:GetAccount", async () => {
    const { ProductionAccessEnabled, SendingEnabled } = await client.sdk.send(
      new GetMailAccountCommand({}),
    );
    return { isProduction: ProductionAccessEnabled === true, maySend: SendingEnabled === true };
  });
}

export async function readZone(place: Connection, id: string): Promise<Read<string | undefined>> {
  using client = closing(new Route53Client({ ...place, region: place.globalRegion }));
  return await readingPresent("route53:GetHostedZone", "NoSuchHostedZone", async () => {
    const { HostedZone } = await client.sdk.send(new GetHostedZoneCommand({ Id: id }));
    return HostedZone?.Name;
  });
}

/** The topic's own region is asked: alarms of a replica's may be elsewhere. */
export async function readSubscriptions(
  place: Connection,
  topicArn: string,
): Promise<Read<Subscriptions | undefined>> {
  using client = closing(new SNSClient({ ...place, region: topicArn.split(":")[3] }));
  return await readingPresent("sns:ListSubscriptionsByTopic", "NotFound", async () => {
    let [confirmed, pending] = [0, 0];
    const pages = paginateListSubscriptionsByTopic({ client: client.sdk }, { TopicArn: topicArn });
    for await (const { Subscriptions = [] } of pages) {
      for (const { SubscriptionArn } of Subscriptions) {
        if (SubscriptionArn?.startsWith("arn:")) confirmed++;
        else pending++;
      }
    }
    return { confirmed, pending };
  });
}

/** Closes its sockets at the end of the block. */
const closing = <T extends { destroy(): void }>(sdk: T): { readonly sdk: T } & Disposable => ({
  sdk,
  [Symbol.dispose]: () => sdk.destroy(),
});
