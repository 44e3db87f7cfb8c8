/** Policies and roles of the account that a stack relies on. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import type { Read } from "../../offline/doctor/facts.ts";
import { type Connection, reading, readingPresent } from "./reading.ts";

/** The default version's document, as JSON. */
export async function readBoundary(
  place: Connection,
  arn: string,
): Promise<Read<string | undefined>> {
  const client = new IAMClient({ ...place, region: place.globalRegion });
  try {
    return await readingPresent("iam:GetPolicy and GetPolicyVersion", "NoSuchEntity", async () => {
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: arn }));
      const { PolicyVersion } = await client.send(
        new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId }),
      );
      // IAM encodes documents for URLs. (IAM API Reference, "PolicyVersion".)
      return decodeURIComponent(PolicyVersion?.Document ?? "");
    });
  } finally {
    client.destroy();
  }
}

/** By its path, which has the service's principal; names follow no rule. */
export async function readServiceRole(place: Connection, service: string): Promise<Read<boolean>> {
  const client = new IAMClient({ ...place, region: place.globalRegion });
  try {
    return await reading("iam:ListRoles", async () => {
      const { Roles = [] } = await client.send(
        new ListRolesCommand({ PathPrefix: `/aws-service-role/${service}/` }),
      );
      return Roles.length > 0;
    });
  } finally {
    client.destroy();
  }
}
