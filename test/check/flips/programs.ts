/** The stacks whose settings are flipped: the shipped ones, and one tenant with every option there is. */
import { resolve } from "node:path";
import { type Evaluation, evaluate } from "../../../offline/evaluate.ts";
import { evaluateStack, readStackFile } from "../../../offline/project.ts";
import program from "../../../stacks/index.ts";
import type { Settings } from "../../../stacks/settings.ts";
import { type Flip, flipsOf } from "./flips.ts";

const root = resolve(import.meta.dirname, "../../..");

interface Flippable {
  readonly evaluation: Evaluation;
  readonly config: Readonly<Record<string, string>>;
}

async function shipped(stack: string): Promise<Flippable> {
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

async function fullest(): Promise<Flippable> {
  const config = {
    "aws:region": "us-east-1",
    "chatstack:environment": "production",
    "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
    "chatstack:tenants": JSON.stringify([{ id: "full", tier: "enterprise", ...everything }]),
  };
  return { evaluation: await evaluate(program, { stack: "full", config }), config };
}

/**
 * One tenant of each stack that ships, and the one with everything. Tenants of a tier are alike: one of
 * them stands for all.
 */
export async function allFlips(): Promise<Flip[]> {
  const stacks = [
    { ...(await shipped("dev")), tenant: "acme" },
    { ...(await shipped("prod")), tenant: "acme" },
    { ...(await fullest()), tenant: "full" },
  ];
  return stacks.flatMap(({ evaluation, config, tenant }) =>
    flipsOf(evaluation, config, ({ urn, name }) => {
      const ofSomeTenant = urn.includes("chatstack:index:");
      return !ofSomeTenant || name === tenant || name.startsWith(`${tenant}-`);
    }),
  );
}

/** `UserPool mfaConfiguration: weaker value`, as the rows of `unnoticed.ts` have it. */
export const describeFlip = ({ type, setting, kind }: Flip): string =>
  `${type.split(":").at(-1)} ${setting}: ${kind}`;
