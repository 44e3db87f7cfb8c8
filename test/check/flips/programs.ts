/** The stacks whose settings are flipped: the shipped ones, and one tenant with every option there is. */
import { resolve } from "node:path";
import { type Evaluation, evaluate } from "../../../offline/evaluate.ts";
import { evaluateStack, readStackFile } from "../../../offline/project.ts";
import program from "../../../stacks/index.ts";
import type { Settings } from "../../../stacks/settings.ts";

const root = resolve(import.meta.dirname, "../../..");

export interface Flippable {
  readonly evaluation: Evaluation;
  readonly config: Readonly<Record<string, string>>;
}

export async function shipped(stack: string): Promise<Flippable> {
  const { config } = readStackFile(root, "chatstack", stack);
  return { evaluation: await evaluateStack(stack, { root }), config };
}

/** What the shipped tenants leave at its default, or off. */
const everything: Settings = {
  retain: "protect",
  table: {
    capacity: { mode: "provisioned", read: { min: 5, max: 100 }, write: { min: 5, max: 100 } },
  },
};

export async function fullest(): Promise<Flippable> {
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
    "chatstack:tenants": JSON.stringify([{ id: "full", tier: "enterprise", ...everything }]),
  };
  return { evaluation: await evaluate(program, { stack: "full", config }), config };
}
