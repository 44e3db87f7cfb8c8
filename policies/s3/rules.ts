/** Rules about buckets: access, encryption, retention and life cycle. */
import { protectRule } from "../reading/protect.ts";
import type { AnyRule } from "../rule.ts";
import {
  accessLog,
  corsOrigin,
  lockout,
  noAcl,
  ownerEnforced,
  policyPrincipal,
  policyTls,
  publicBlock,
  publicBlockFlags,
  tlsOnly,
} from "./access.ts";
import { accessPointBlock, directoryLifecycle } from "./access-points.ts";
import { bucketKey, noSseC, sseKms } from "./encryption.ts";
import { lifecycle, versionDays } from "./lifecycle.ts";
import {
  noForceDestroy,
  noInlineLegacy,
  objectLock,
  replication,
  versioning,
} from "./retention.ts";

export const s3Rules: readonly AnyRule[] = [
  publicBlock,
  publicBlockFlags,
  tlsOnly,
  policyTls,
  sseKms,
  bucketKey,
  noSseC,
  versioning,
  accessLog,
  lifecycle,
  versionDays,
  ownerEnforced,
  noAcl,
  noInlineLegacy,
  noForceDestroy,
  protectRule("s3-protect", "S3", "Buckets", "s3"),
  policyPrincipal,
  lockout,
  corsOrigin,
  objectLock,
  replication,
  accessPointBlock,
  directoryLifecycle,
];
