/** A table's stream: which items changed, in the order of their changes, for as long as DynamoDB keeps it. */
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { chatTable } from "../../app/resources/table.ts";
import type { Key } from "../../app/store/dynamodb/table/keys.ts";

/** Hours that records stay in a stream (DynamoDB Developer Guide, "Change data capture for DynamoDB Streams"). */
export const keptHours = 24;

export interface Shard {
  readonly id: string;
  /** The shard that it was split off, which is to be read first. */
  readonly parent?: string | undefined;
}

export interface StreamRecord {
  readonly key: Key;
  readonly sequence: string;
  /** About when the item was changed. */
  readonly at: Date;
}

/** @throws TrimmedRecords from each method, where records went before they were read. */
export interface Stream {
  readonly arn: string;
  shards(): Promise<readonly Shard[]>;
  /** @param after sequence of the last record that was read. Default: all that is kept. */
  iterator(shard: string, after: string | undefined): Promise<string>;
  /** Up to 1,000 records. No `next`: the shard is closed, and read to its end. */
  read(
    iterator: string,
  ): Promise<{ readonly records: readonly StreamRecord[]; readonly next?: string }>;
}

export class TrimmedRecords extends Error {
  override readonly name = "TrimmedRecords";
}

/** An iterator is good for 15 minutes (API reference, GetShardIterator). */
export class ExpiredIterator extends Error {
  override readonly name = "ExpiredIterator";
}

export function tableStream(client: DynamoDBStreamsClient, arn: string): Stream {
  return {
    arn,
    async shards() {
      const found: Shard[] = [];
      let last: string | undefined;
      do {
        const { StreamDescription } = await client.send(
          new DescribeStreamCommand({ StreamArn: arn, ExclusiveStartShardId: last }),
        );
        for (const { ShardId = "", ParentShardId } of StreamDescription?.Shards ?? []) {
          found.push({ id: ShardId, parent: ParentShardId });
        }
        last = StreamDescription?.LastEvaluatedShardId;
      } while (last !== undefined);
      return found;
    },
    async iterator(shard, after) {
      const { ShardIterator = "" } = await known(
        client.send(
          new GetShardIteratorCommand({
            StreamArn: arn,
            ShardId: shard,
            ...(after === undefined
              ? { ShardIteratorType: "TRIM_HORIZON" }
              : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after }),
          }),
        ),
      );
      return ShardIterator;
    },
    async read(iterator) {
      const { Records = [], NextShardIterator } = await known(
        client.send(new GetRecordsCommand({ ShardIterator: iterator })),
      );
      const records = Records.map(({ dynamodb = {} }) => ({
        key: {
          pk: dynamodb.Keys?.[chatTable.partitionKey]?.S ?? "",
          sk: dynamodb.Keys?.[chatTable.sortKey]?.S ?? "",
        },
        sequence: dynamodb.SequenceNumber ?? "",
        at: dynamodb.ApproximateCreationDateTime ?? new Date(0),
      }));
      return { records, ...(NextShardIterator !== undefined && { next: NextShardIterator }) };
    },
  };
}

async function known<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ExpiredIteratorException) throw new ExpiredIterator();
    // A shard goes with its last record.
    const isGone =
      error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException;
    throw isGone ? new TrimmedRecords() : error;
  }
}
