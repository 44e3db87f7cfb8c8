import { protectRule } from "../protect.ts";
import type { AnyRule } from "../rule.ts";
import {
  adminFlow,
  clientFlows,
  enumeration,
  httpsCallback,
  noGuest,
  noImplicit,
  revocation,
  tokenTtl,
} from "./client.ts";
import { deletionProtection, inviteOnly, mfa, password, risk, threat, tier } from "./user-pool.ts";

export const cognitoRules: readonly AnyRule[] = [
  deletionProtection,
  protectRule("cog-protect", "Cognito", "User pools", ["aws:cognito/userPool:UserPool"]),
  mfa,
  password,
  tier,
  threat,
  risk,
  inviteOnly,
  clientFlows,
  adminFlow,
  enumeration,
  revocation,
  tokenTtl,
  noImplicit,
  httpsCallback,
  noGuest,
];
