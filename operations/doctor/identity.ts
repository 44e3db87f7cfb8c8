/** Policies and roles of the account that a stack relies on. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import type { Read } from "../../offline/doctor/facts.ts";
import type { Connection } from "./doctor.ts";
import { readingPresent } from "./reading.ts";

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

export async function readServiceRole(place: Connection, name: string): Promise<Read<boolean>> {
  const client = new IAMClient({ ...place, region: place.globalRegion });
  try {
    const read = await readingPresent("iam:GetRole", "NoSuchEntity", () =>
      client.send(new GetRoleCommand({ RoleName: name })),
    );
    return "refused" in read ? read : { value: read.value !== undefined };
  } finally {
    client.destroy();
  }
}
