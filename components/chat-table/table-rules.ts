/** Which settings of a table DynamoDB, Application Auto Scaling or CloudWatch refuses. */
import type * as pulumi from "@pulumi/pulumi";
import { alarmActions } from "../alarms.ts";
import { arnFaults, arns } from "../arn.ts";
import { type Fault, integerFaults } from "../fault.ts";
import { allowedRegion, isRegion, otherPartitionFaults } from "../region.ts";
import type { Capacity, ScaledUnits } from "./capacity.ts";
import { type Stream, tableNamePattern, type WarmThroughput } from "./table-args.ts";
import type { Replica } from "./table-replicas.ts";

export interface TableChoices {
  readonly capacity?: Capacity;
  readonly warmThroughput?: WarmThroughput;
  readonly replicas?: readonly Replica[];
  readonly stream?: Stream;
  readonly adopt?: string;
  readonly alarms?: "off" | { readonly topicArn: pulumi.Input<string> };
}

/**
 * @param hasKey whether a KMS key of the customer's encrypts the table.
 * @param region of the table, where it is known.
 */
export function* tableFaults(
  table: TableChoices,
  hasKey: boolean,
  region: string | undefined,
): Generator<Fault> {
  const { capacity, warmThroughput, replicas = [], stream, adopt, alarms } = table;
  if (capacity !== undefined) yield* capacityFaults(capacity, replicas.length > 0);
  if (warmThroughput !== undefined) yield* warmFaults(warmThroughput, capacity);
  for (const [index, replica] of replicas.entries()) {
    const others = replicas.slice(0, index).map((one) => one.region);
    yield* replicaFaults(`replicas[${index}]`, replica, { hasKey, home: region, others });
  }
  if (replicas.length > 0 && stream !== undefined && stream !== "new-and-old-images")
    yield ["stream", stream, '"new-and-old-images", which replication reads'];
  if (adopt !== undefined && !tableNamePattern.test(adopt))
    yield ["adopt", adopt, "a table's name: 3 to 255 of a-z, A-Z, 0-9, _, - and ."];
  if (typeof alarms === "object")
    yield* arnFaults("alarms.topicArn", alarms.topicArn, arns.topic, region, alarmActions);
}

/** DynamoDB lowers no table's warm throughput, and what is provisioned is warm. */
function* warmFaults(
  { readUnits, writeUnits }: WarmThroughput,
  capacity: Capacity | undefined,
): Generator<Fault> {
  yield* integerFaults("warmThroughput.readUnits", readUnits, 12_000, 1_000_000_000);
  yield* integerFaults("warmThroughput.writeUnits", writeUnits, 4_000, 1_000_000_000);
  if (capacity?.mode !== "provisioned") return;
  const page = 'DynamoDB Developer Guide, "Understanding DynamoDB warm throughput"';
  for (const [argument, found, { min }] of [
    ["warmThroughput.readUnits", readUnits, capacity.read],
    ["warmThroughput.writeUnits", writeUnits, capacity.write],
  ] as const) {
    if (found < min) yield [argument, found, `at least what is provisioned, ${min} (${page})`];
  }
}

function* capacityFaults(capacity: Capacity, hasReplicas: boolean): Generator<Fault> {
  if (capacity.mode === "on-demand") {
    yield* integerFaults("capacity.maxReadUnits", capacity.maxReadUnits, 1, 1_000_000_000);
    yield* integerFaults("capacity.maxWriteUnits", capacity.maxWriteUnits, 1, 1_000_000_000);
    return;
  }
  // A table is made before anything can scale it, and its replicas with it: UpdateTable then answers
  // "Table write capacity should either be Pay-Per-Request or AutoScaled".
  if (hasReplicas) yield ["capacity.mode", capacity.mode, `"on-demand" with replicas (${global})`];
  yield* scaledFaults("capacity.read", capacity.read);
  yield* scaledFaults("capacity.write", capacity.write);
}

const global = 'DynamoDB Developer Guide, "Global tables: prerequisites"';

function* scaledFaults(
  argument: string,
  { min, max, targetUtilization }: ScaledUnits,
): Generator<Fault> {
  yield* integerFaults(`${argument}.min`, min, 1, 1_000_000_000);
  yield* integerFaults(`${argument}.max`, max, 1, 1_000_000_000);
  if (max < min) {
    const page = "Application Auto Scaling API reference, RegisterScalableTarget";
    yield [`${argument}.max`, max, `at least min, which is ${min} (${page})`];
  }
  yield* integerFaults(`${argument}.targetUtilization`, targetUtilization, 20, 90);
}

interface ReplicaPlace {
  readonly hasKey: boolean;
  readonly home: string | undefined;
  /** Regions of the replicas before it. */
  readonly others: readonly string[];
}

/** Which replica DynamoDB would refuse, or would leave less protected than its table. */
function* replicaFaults(
  argument: string,
  { region, kmsKeyArn }: Replica,
  { hasKey, home, others }: ReplicaPlace,
): Generator<Fault> {
  const page = "DynamoDB API reference, CreateReplicationGroupMemberAction";
  if (!isRegion(region)) yield [`${argument}.region`, region, allowedRegion];
  else if (region === home)
    yield [`${argument}.region`, region, `another region than the table's own (${page})`];
  if (others.includes(region))
    yield [`${argument}.region`, region, `a region that no other replica has (${page})`];
  if (hasKey && kmsKeyArn === undefined)
    yield [`${argument}.kmsKeyArn`, "none", "a key in its region, as the table has one"];
  if (!hasKey && kmsKeyArn !== undefined) yield [`${argument}.kmsKeyArn`, "a key", "none"];
  yield* otherPartitionFaults(`${argument}.region`, region, home);
  if (isRegion(region))
    yield* arnFaults(`${argument}.kmsKeyArn`, kmsKeyArn, arns.kmsKey, region, page);
}
