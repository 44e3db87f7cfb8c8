/**
 * `stacks/rules/`: which settings of a tenant AWS refuses, told with their place in the config.
 *
 * What AWS does not offer in GovCloud and China, as far as tenants use it.
 */
import type { Fault } from "../../components/fault.ts";
import { partitionOf } from "../../components/partition.ts";
import type { Settings } from "../settings.ts";

/** When the sources were read last. */
export const gapsChecked = "2026-11";

export type GapId = "login-domains" | "budgets" | "user-pools" | "bedrock";

export interface RegionalGap {
  readonly id: GapId;
  readonly partition: "aws-us-gov" | "aws-cn";
  readonly what: string;
  /** What to do. */
  readonly instead: string;
  readonly source: string;
  /** The settings that need it. None where every tenant does: no setting would help. */
  readonly settings: readonly {
    readonly path: string;
    /** What the tenant has there; nothing where it does not need what is missing. */
    readonly found: (settings: Settings) => unknown;
    readonly allowed: string;
  }[];
}

export const regionalGaps: readonly RegionalGap[] = [
  {
    id: "login-domains",
    partition: "aws-us-gov",
    what: "login domains of their own (Cognito)",
    instead: "use `auth.managedLogin.domain.prefix` in place of a name and certificate",
    source: "AWS GovCloud (US) User Guide, Amazon Cognito",
    settings: [
      {
        path: "auth.managedLogin.domain.name",
        found: ({ auth }) => {
          const { managedLogin = "off" } = auth ?? {};
          const domain = managedLogin === "off" ? {} : managedLogin.domain;
          return "name" in domain ? domain.name : undefined;
        },
        allowed: "a prefix instead",
      },
    ],
  },
  {
    id: "budgets",
    partition: "aws-us-gov",
    what: "budgets and cost allocation tags",
    instead:
      "leave out `monitoring.monthlyBudget`, and make the budget in the standard account that the GovCloud account is billed to",
    source: "AWS GovCloud (US) User Guide, Billing and payment",
    settings: [
      {
        path: "monitoring.monthlyBudget",
        found: ({ monitoring }) =>
          typeof monitoring === "object" ? monitoring.monthlyBudget : undefined,
        allowed: "none, as the associated standard account is billed",
      },
    ],
  },
  {
    id: "user-pools",
    partition: "aws-cn",
    what: "Cognito user pools",
    instead: "choose another region: tenants sign their users in with a user pool",
    source: "Getting Started with AWS services in China, Amazon Cognito",
    settings: [],
  },
  {
    id: "bedrock",
    partition: "aws-cn",
    what: "Amazon Bedrock",
    instead: "leave out `api.models`",
    source: "Getting Started with AWS services in China",
    settings: [
      {
        path: "api.models",
        found: ({ api }) => (api?.models === "embedded" ? undefined : api?.models),
        allowed: "none",
      },
      {
        path: "network.interfaceEndpoints",
        found: ({ network = "off" }) => {
          const { interfaceEndpoints = [] } = network === "off" ? {} : network;
          return interfaceEndpoints.find((service) => /(^|\.)bedrock/.test(service));
        },
        allowed: "endpoints of services that are there",
      },
    ],
  },
];

/** @param region of the stack, where its config names one. */
export function* gapFaults(settings: Settings, region: string | undefined): Generator<Fault> {
  if (region === undefined) return;
  const { partition } = partitionOf(region);
  for (const { settings: needing, source } of regionalGaps.filter(
    (gap) => gap.partition === partition,
  )) {
    for (const { path, found, allowed } of needing) {
      const value = found(settings);
      if (value !== undefined) yield [path, value, `in ${region}: ${allowed} (${source})`];
    }
  }
}
