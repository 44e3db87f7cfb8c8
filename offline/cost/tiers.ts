/** A stack with one tenant of each tier, to see what a tier costs. */
import program from "../../stacks/index.ts";
import { tierNames } from "../../stacks/tiers.ts";
import { evaluate } from "../evaluate.ts";
import { FakeProvider } from "../fake-provider.ts";
import type { ResourceRecord } from "../record.ts";

/** What the tiers leave to a stack: models to call, the cheapest that many use. */
const settings = { api: { models: ["amazon.nova-lite-v1:0"] } };

export async function tierRecords(region: string): Promise<readonly ResourceRecord[]> {
  const { records } = await evaluate(program, {
    stack: "tiers",
    provider: new FakeProvider(region),
    config: {
      "aws:region": region,
      "chatstack:environment": "production",
      "chatstack:defaults": JSON.stringify(settings),
      "chatstack:tenants": JSON.stringify(tierNames.map((tier) => ({ id: tier, tier }))),
    },
  });
  return records;
}
