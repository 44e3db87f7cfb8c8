/** What the passes over two tables share: what is asked for, and what was found. */
import type { ObjectStore } from "../../../app/objects/object-store.ts";
import type { TableAccess } from "../../../app/store/dynamodb/table/table-access.ts";
import type { OnProgress } from "../../aws/tables.ts";
import type { Tally } from "./changes.ts";

export interface SinceRequest {
  /** Table that users write to. */
  readonly source: string;
  /** The restored table. */
  readonly target: string;
  /** The time restored to. */
  readonly at: Date;
  /** The tenant's bucket; undefined where it is not known. */
  readonly objects: ObjectStore | undefined;
  /** `list` changes nothing; `bring-over` writes to the restored table. */
  readonly mode: "list" | "bring-over";
  /** What users deleted since: `deleted` stays so, `restored` comes back. Erasures always stand. */
  readonly deletions: "deleted" | "restored";
  /** Ids of users and conversations that stay as they were restored; erasures reach them too. */
  readonly leave: ReadonlySet<string>;
  readonly now: () => Date;
}

/** What the two passes share. */
export interface Pass {
  readonly from: TableAccess;
  readonly to: TableAccess;
  readonly request: SinceRequest;
  /** What the app did after this time counts as done since. */
  readonly since: Date;
  /** Users whose erasure is under way: nothing of theirs is carried over. */
  readonly erasing: ReadonlySet<string>;
  readonly tally: Tally;
  readonly onProgress: OnProgress;
}
