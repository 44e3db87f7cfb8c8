/** Rules about user pools, their clients and outside directories. */
import { protectRule } from "../reading/protect.ts";
import type { AnyRule } from "../rule.ts";
import {
  adminFlow,
  classicFlow,
  clientFlows,
  enumeration,
  httpsCallback,
  noGuest,
  noImplicit,
  revocation,
  rotation,
  tokenTtl,
} from "./client.ts";
import { providerTls } from "./provider.ts";
import {
  caseInsensitive,
  deletionProtection,
  inviteOnly,
  mfa,
  password,
  recovery,
  risk,
  riskResponse,
  threat,
  tier,
} from "./user-pool.ts";

export const cognitoRules: readonly AnyRule[] = [
  deletionProtection,
  protectRule("cog-protect", "Cognito", "User pools", "cognito"),
  mfa,
  password,
  tier,
  threat,
  riskResponse,
  risk,
  inviteOnly,
  recovery,
  caseInsensitive,
  clientFlows,
  adminFlow,
  enumeration,
  revocation,
  rotation,
  tokenTtl,
  noImplicit,
  httpsCallback,
  providerTls,
  noGuest,
  classicFlow,
];
