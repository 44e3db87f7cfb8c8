/** The stacks whose settings are flipped: the shipped ones, and one tenant with every option there is. */
import { resolve } from "node:path";
import type { Evaluation } from "../../offline/evaluate.ts";
import { evaluateStack, readStackFile } from "../../offline/project.ts";
import { evaluateFullest, fullestConfig, fullestSettings } from "../stacks/fullest-tenant.ts";
import { type Flip, flipsOf } from "./flips.ts";

const root = resolve(import.meta.dirname, "../..");

interface Flippable {
  readonly evaluation: Evaluation;
  readonly config: Readonly<Record<string, string>>;
}

async function shipped(stack: string): Promise<Flippable> {
  const { config } = readStackFile(root, "chatstack", stack);
  return { evaluation: await evaluateStack(stack, { root }), config };
}

async function fullest(): Promise<Flippable> {
  return {
    evaluation: await evaluateFullest(fullestSettings),
    config: fullestConfig(fullestSettings),
  };
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
