/**
 * `stacks/rules/`: which settings of a tenant AWS refuses, told with their place in the config.
 *
 * Settings that need what AWS does not offer in some regions, as its pages said in November 2026.
 */
import type { Fault } from "../../components/fault.ts";
import type { Settings } from "../settings.ts";

interface Gap {
  /** Begins the names of the regions. */
  readonly regions: string;
  readonly setting: string;
  /** What the tenant has there; nothing where it does not need what is missing. */
  readonly found: (settings: Settings) => unknown;
  readonly allowed: string;
}

const gaps: readonly Gap[] = [
  {
    regions: "us-gov-",
    setting: "monitoring.monthlyBudget",
    found: ({ monitoring }) =>
      typeof monitoring === "object" ? monitoring.monthlyBudget : undefined,
    allowed:
      "none, as the associated standard account is billed " +
      '(AWS GovCloud (US) User Guide, "Billing and Payment")',
  },
  {
    regions: "us-gov-",
    setting: "auth.managedLogin.domain.name",
    found: ({ auth }) => {
      const { managedLogin = "off" } = auth ?? {};
      const domain = managedLogin === "off" ? {} : managedLogin.domain;
      return "name" in domain ? domain.name : undefined;
    },
    allowed: 'a prefix instead (AWS GovCloud (US) User Guide, "Amazon Cognito")',
  },
  {
    regions: "cn-",
    setting: "api.models",
    found: ({ api }) => (api?.models === "embedded" ? undefined : api?.models),
    allowed: 'none (AWS General Reference, "Amazon Bedrock endpoints and quotas")',
  },
];

/** @param region of the stack, where its config names one. */
export function* gapFaults(settings: Settings, region: string | undefined): Generator<Fault> {
  for (const { regions, setting, found, allowed } of gaps) {
    const value = region?.startsWith(regions) ? found(settings) : undefined;
    if (value !== undefined) yield [setting, value, `in ${region}: ${allowed}`];
  }
}
