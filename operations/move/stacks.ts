/** What a move needs of the engine and of the cells' accounts; a test puts an environment of this machine in its place. */

import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Bucket } from "./data/objects.ts";
import type { Pool } from "./data/users.ts";

export interface TenantData {
  readonly table: { readonly client: DynamoDBDocumentClient; readonly tableName: string };
  readonly bucket: Bucket;
  readonly pool: Pool;
}

export interface MoveStacks {
  /**
   * Deploys a stack as its file says.
   *
   * @param most what may change: the tenant alone; or of it nothing but properties, in place.
   * @throws UsageError when the preview shows more, or that data would be lost; then nothing was touched.
   */
  up(stack: string, tenant: string, most: "tenant" | "updates"): Promise<void>;
  dataOf(stack: string, tenant: string): Promise<TenantData>;
  /** URN of the tenant's component in the stack's state; undefined where it has none. */
  urnOf(stack: string, tenant: string): Promise<string | undefined>;
  /** `pulumi state move`: the component and all below it. */
  moveState(from: string, to: string, urn: string): Promise<void>;
  /** Takes a component and all below it out of the state; what it stands for is not touched. */
  forget(stack: string, urn: string): Promise<void>;
}
