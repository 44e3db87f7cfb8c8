/**
 * Settings of a tenant that AWS refuses, each by itself or beside others: the components' own rules,
 * told with the setting's place in the stack's config before anything is made.
 */
import { arnFaults, arns } from "../../components/arn.ts";
import { authFaults } from "../../components/auth-pool/auth-rules.ts";
import { optionFaults } from "../../components/chat-api/api-options.ts";
import { releaseFaults } from "../../components/chat-api/function/release.ts";
import { modelFaults } from "../../components/chat-api/model-rules.ts";
import { backupFaults } from "../../components/chat-table/backup-rules.ts";
import { tableFaults } from "../../components/chat-table/table-rules.ts";
import {
  eventAccessFaults,
  modelAccessFaults,
  monitoringFaults,
  networkFaults,
} from "../../components/companions/companion-rules.ts";
import { bucketFaults } from "../../components/document-bucket/bucket-rules.ts";
import { type Fault, within } from "../../components/fault.ts";
import type { Home } from "../../components/region.ts";
import { authArgs } from "../auth-settings.ts";
import type { Settings } from "../settings.ts";
import { gapFaults } from "./regional-gaps.ts";

/** @param home of the stack. */
export function* tenantFaults(settings: Settings, home: Home): Generator<Fault> {
  const { region } = home;
  const { table = {}, documents = {}, auth = {}, api = {}, encryption } = settings;
  const { monitoring = "off", network = "off" } = settings;
  const hasKey = encryption !== undefined && encryption !== "aws-owned";
  if (typeof encryption === "object") {
    const page = 'DynamoDB Developer Guide, "Managing encrypted tables"';
    yield* arnFaults("encryption.kmsKeyArn", encryption.kmsKeyArn, arns.kmsKey, region, page);
  }
  yield* within("table", tableFaults(table, hasKey, region));
  const { backups = "off" } = table;
  if (backups !== "off") yield* within("table.backups", backupFaults(backups));
  yield* within("documents", bucketFaults(documents, hasKey, region));
  yield* within(
    "auth",
    authFaults(
      authArgs(auth, () => ""),
      home,
    ),
  );
  yield* within("api", optionFaults(api, home));
  yield* within("api", releaseFaults(api));
  yield* within("api", modelFaults(api, home));
  if (monitoring !== "off") yield* within("monitoring", monitoringFaults(monitoring, home));
  if (network !== "off") yield* within("network", networkFaults(network, region));
  yield* betweenComponents(settings);
  yield* gapFaults(settings, region);
}

/** What one component's settings ask of another's. */
export function* betweenComponents(settings: Settings): Generator<Fault> {
  const { table, api, network, archive, events } = settings;
  yield* modelAccessFaults(api?.models, network);
  yield* eventAccessFaults(events, network);
  const { stream = "new-and-old-images" } = table ?? {};
  if (typeof archive === "object" && !["new-image", "new-and-old-images"].includes(stream))
    yield ["table.stream", stream, '"new-image" or "new-and-old-images" for an archive'];
}

/** `replicas[0].region` as the config's paths are: `["replicas", 0, "region"]`. */
export const pathOf = (argument: string): (string | number)[] =>
  [...argument.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) =>
    index === undefined ? text : Number(index),
  );
