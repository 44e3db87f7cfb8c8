/** Following a tenant: what changes at the source changes in PostgreSQL, until somebody ends it. */
import { setTimeout as sleep } from "node:timers/promises";
import { bucketFolders } from "../../app/resources/bucket.ts";
import { apply, applyAll } from "../../app/sql/apply.ts";
import { changesOf, type Ref, type Source } from "../../app/sql/changes.ts";
import { expired, pastTrash } from "../../app/sql/entities.ts";
import { quoted } from "../../app/sql/schema.ts";
import type { Sql, Target } from "../../app/sql/target.ts";
import { LostRace, untilWon } from "../../app/store/contention.ts";
import { StoreError } from "../../app/store/store-error.ts";
import { UsageError } from "../../offline/usage-error.ts";
import type { Progress } from "./source.ts";
import { ExpiredIterator, keptHours, type Shard, type Stream, TrimmedRecords } from "./stream.ts";
import { type Verification, verify } from "./verify.ts";

export interface FollowProgress {
  readonly step: "following";
  /** Changes that were applied since the command began. */
  readonly changes: number;
  /** Seconds between the last change that was applied and now; 0 when there is nothing left to apply. */
  readonly lagSeconds: number;
}

export interface FollowOptions {
  readonly source: Source;
  readonly target: Target;
  readonly schema: string;
  readonly stream: Stream;
  /** Ends it after the batch that is being applied. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FollowProgress | Progress) => void;
  /** Between two looks where there was nothing. Default 1,000. */
  readonly idleMilliseconds?: number;
}

/**
 * Starts where an earlier run ended, or where the copy began: `migrate` is to be called before, with the stream's ARN.
 *
 * @throws UsageError when there is no copy, or what changed since is no longer in the stream.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const follower = await Follower.open(options);
  const { signal, idleMilliseconds = 1000 } = options;
  while (!signal.aborted) {
    if (await follower.round())
      await sleep(idleMilliseconds, undefined, { signal }).catch(() => {});
  }
  await follower.save();
}

/** Applies what there is and then compares every row, the stream going on: ends whatever users do meanwhile. */
export async function followUntilEqual(options: FollowOptions): Promise<Verification> {
  const { source, target, schema, onProgress = () => {} } = options;
  const follower = await Follower.open(options);
  await follower.catchUp();
  const verification = await verify({
    source,
    target,
    schema,
    onProgress,
    async settle(refs) {
      await follower.catchUp();
      // No stream tells that a time has come.
      await applyAll({ source, target, schema }, await endedByTime(source, refs));
    },
  });
  await follower.save();
  return verification;
}

async function endedByTime(source: Source, refs: readonly Ref[]): Promise<Ref[]> {
  const changes = await changesOf(source, refs);
  return changes
    .filter(({ leftOut }) => leftOut.some((why) => why === expired || why === pastTrash))
    .map(({ ref }) => ref);
}

/** Whether a whole copy is there that `follow` can go on with. */
export async function isFollowed(target: Target, schema: string): Promise<boolean> {
  return target.transaction(async (sql) => {
    const name = `${quoted(schema)}.migration_stream`;
    const [found] = await sql("SELECT to_regclass($1::text)::text AS name", [name]);
    if (typeof found?.name !== "string") return false;
    const [copy] = await sql(
      `SELECT (bool_and(done) AND EXISTS (SELECT FROM ${name}))::text AS whole
       FROM ${quoted(schema)}.migration_progress`,
    );
    return copy?.whole === "true";
  });
}

/** To call in the transaction that begins a copy: what changes from now on is to be applied after it. */
export async function beginFollowing(
  sql: Sql,
  schema: string,
  streamArn: string | undefined,
  now: Date,
): Promise<void> {
  const within = (name: string) => `${quoted(schema)}.${name}`;
  await sql(
    `DELETE FROM ${within("migration_shards")}; DELETE FROM ${within("migration_stream")};`,
  );
  if (streamArn === undefined) return;
  await sql(
    `INSERT INTO ${within("migration_stream")} VALUES ($1::text, $2::text::timestamptz, $2::text::timestamptz)`,
    [streamArn, now.toISOString()],
  );
}

/** Times of records are about right, and clocks differ: what is applied once too often does no harm. */
const marginMilliseconds = 5 * 60 * 1000;
const savedEveryMilliseconds = 10_000;
/** DescribeStream and ListObjectsV2 are asked no more often while nothing happens. */
const listedEveryMilliseconds = 10_000;

interface Position {
  readonly sequence: string | undefined;
  readonly done: boolean;
}

class Follower {
  readonly #options: FollowOptions;
  readonly #since: Date;
  readonly #positions: Map<string, Position>;
  readonly #iterators = new Map<string, string>();
  readonly #etags: Map<string, string>;
  #shards: readonly Shard[] = [];
  #shardsAt = 0;
  #objectsAt = 0;
  #readAt: Date;
  #savedAt = 0;
  #changes = 0;

  private constructor(
    options: FollowOptions,
    state: {
      since: Date;
      readAt: Date;
      positions: Map<string, Position>;
      etags: Map<string, string>;
    },
  ) {
    this.#options = options;
    this.#since = state.since;
    this.#readAt = state.readAt;
    this.#positions = state.positions;
    this.#etags = state.etags;
  }

  static async open(options: FollowOptions): Promise<Follower> {
    const { target, schema, source, stream } = options;
    const within = (name: string) => `${quoted(schema)}.${name}`;
    const { begun, shards, objects } = await target.transaction(async (sql) => ({
      begun: await sql(
        `SELECT arn, (extract(epoch FROM since) * 1000)::bigint::text AS since,
         (extract(epoch FROM read_at) * 1000)::bigint::text AS read_at FROM ${within("migration_stream")}`,
      ),
      shards: await sql(`SELECT shard, sequence, done::text FROM ${within("migration_shards")}`),
      objects: await sql(`SELECT key, etag FROM ${within("migration_objects")}`),
    }));
    const [state] = begun;
    if (state === undefined)
      throw new UsageError(`Schema "${schema}" was copied without a stream: ${anew}`);
    if (state.arn !== stream.arn) {
      throw new UsageError(`The table has another stream than when it was copied: ${anew}`);
    }
    const readAt = new Date(Number(state.read_at));
    if (source.now().getTime() - readAt.getTime() > keptHours * 60 * 60 * 1000) throw tooOld();
    return new Follower(options, {
      since: new Date(Number(state.since)),
      readAt,
      positions: new Map(
        shards.map(({ shard, sequence, done }) => [
          String(shard),
          { sequence: sequence === null ? undefined : String(sequence), done: done === "true" },
        ]),
      ),
      etags: new Map(objects.map(({ key, etag }) => [String(key), String(etag)])),
    });
  }

  /** Applies what was changed before now. Whoever writes on does not keep it from ending. */
  async catchUp(): Promise<void> {
    const now = this.#options.source.now();
    this.#shardsAt = 0;
    this.#objectsAt = 0;
    while (!(await this.round()) && this.#readAt <= now) this.#objectsAt = 0;
  }

  /** Reads once from each shard whose parents are read. True when there was nothing to apply. */
  async round(): Promise<boolean> {
    const begun = this.#options.source.now();
    await this.#list(begun);
    const isRead = (id: string) => this.#positions.get(id)?.done === true;
    const ids = new Set(this.#shards.map(({ id }) => id));
    const ready = this.#shards.filter(
      ({ id, parent }) =>
        !isRead(id) && (parent === undefined || !ids.has(parent) || isRead(parent)),
    );
    let readAt = begun;
    let isIdle = true;
    // One after another: they share one connection to PostgreSQL.
    for (const { id } of ready) {
      const last = await this.#readShard(id);
      if (last === "idle") continue;
      isIdle = false;
      // Children of a shard that ended are yet to be read.
      const through = last === "ended" ? this.#readAt : last;
      if (through < readAt) readAt = through;
    }
    if ((await this.#readObjects(begun)) > 0) isIdle = false;
    this.#readAt = readAt;
    if (begun.getTime() - this.#savedAt >= savedEveryMilliseconds) await this.save();
    this.#options.onProgress?.({
      step: "following",
      changes: this.#changes,
      lagSeconds: Math.round((begun.getTime() - readAt.getTime()) / 1000),
    });
    return isIdle;
  }

  /** Notes that everything before is applied. */
  async save(): Promise<void> {
    const { target, schema, source } = this.#options;
    await target.transaction((sql) =>
      sql(`UPDATE ${quoted(schema)}.migration_stream SET read_at = $1::text::timestamptz`, [
        this.#readAt.toISOString(),
      ]),
    );
    this.#savedAt = source.now().getTime();
  }

  async #list(now: Date): Promise<void> {
    if (now.getTime() - this.#shardsAt < listedEveryMilliseconds) return;
    const { stream, target, schema } = this.#options;
    this.#shards = await stream.shards();
    this.#shardsAt = now.getTime();
    const there = new Set(this.#shards.map(({ id }) => id));
    for (const [id, { done }] of this.#positions) {
      if (there.has(id)) continue;
      if (!done) throw tooOld();
      await target.transaction((sql) =>
        sql(`DELETE FROM ${quoted(schema)}.migration_shards WHERE shard = $1::text`, [id]),
      );
      this.#positions.delete(id);
    }
  }

  /** When the last of the records was made; `ended` when the shard is read to its end, `idle` where there was nothing. */
  async #readShard(id: string): Promise<Date | "ended" | "idle"> {
    const { stream, schema } = this.#options;
    try {
      const position = this.#positions.get(id)?.sequence;
      const iterator = this.#iterators.get(id) ?? (await stream.iterator(id, position));
      const { records, next } = await stream.read(iterator);
      const last = records.at(-1);
      if (last !== undefined || next === undefined) {
        const from = this.#since.getTime() - marginMilliseconds;
        const refs = records
          .filter(({ at }) => at.getTime() >= from)
          .map(({ key }) => ({ item: key }));
        const read = { sequence: last?.sequence ?? position, done: next === undefined };
        await this.#apply(refs, async (sql) => {
          await sql(
            `INSERT INTO ${quoted(schema)}.migration_shards VALUES ($1::text, nullif($2::text, ''), $3::text::boolean)
             ON CONFLICT (shard) DO UPDATE SET sequence = EXCLUDED.sequence, done = EXCLUDED.done`,
            [id, read.sequence ?? "", String(read.done)],
          );
        });
        this.#positions.set(id, read);
      }
      // Its children can be read now.
      if (next === undefined) this.#shardsAt = 0;
      if (next === undefined) this.#iterators.delete(id);
      else this.#iterators.set(id, next);
      if (next === undefined) return "ended";
      return last?.at ?? "idle";
    } catch (error) {
      if (error instanceof TrimmedRecords) throw tooOld();
      if (!(error instanceof ExpiredIterator)) throw error;
      this.#iterators.delete(id);
      return "ended";
    }
  }

  /** Conversations whose objects are others than those that PostgreSQL has. */
  async #readObjects(now: Date): Promise<number> {
    const { history } = this.#options.source;
    if (history === undefined) return 0;
    if (now.getTime() - this.#objectsAt < listedEveryMilliseconds) return 0;
    this.#objectsAt = now.getTime();
    const changed: string[] = [];
    const gone = new Set(this.#etags.keys());
    for await (const { key, etag } of history.list(bucketFolders.history.prefix)) {
      gone.delete(key);
      if (this.#etags.get(key) !== etag) changed.push(key);
    }
    const objects = [...changed, ...gone];
    for (let from = 0; from < objects.length; from += objectsAtOnce) {
      const some = objects.slice(from, from + objectsAtOnce).map((object) => ({ object }));
      await this.#apply(some, async () => {});
    }
    return objects.length;
  }

  async #apply(refs: readonly Ref[], note: (sql: Sql) => Promise<void>): Promise<void> {
    const { target, schema, source } = this.#options;
    const changes = await untilWon(async () => {
      try {
        return await target.transaction(async (sql) => {
          const applied = refs.length === 0 ? [] : await apply(sql, schema, source, refs);
          await note(sql);
          return applied;
        });
      } catch (error) {
        // An object went with its item between two reads, or AWS is busy: the next try reads both again.
        if (error instanceof StoreError && error.kind === "busy") throw new LostRace();
        throw error;
      }
    });
    for (const { ref, etag } of changes) {
      if (!("object" in ref)) continue;
      if (etag === undefined) this.#etags.delete(ref.object);
      else this.#etags.set(ref.object, etag);
    }
    this.#changes += changes.length;
  }
}

const objectsAtOnce = 20;

const anew = "copy it anew, without --follow; what is there already stays.";

function tooOld(): UsageError {
  return new UsageError(
    `What changed since the last run is no longer in the table's stream, which keeps ${keptHours} hours: ${anew}`,
  );
}
