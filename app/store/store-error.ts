/**
 * What a store may refuse. Anything else that it throws is a fault, and no fault is ever read as
 * "there is nothing".
 */
export type StoreErrorKind =
  /** No such thing for this user, or it is being deleted. */
  | "not-found"
  | "id-taken"
  /** The conversation is archived or in the trash: it must be made active first. */
  | "not-active"
  /** The version is not one that the caller named. */
  | "stale"
  /** The idempotency key came with another body before. */
  | "key-reused"
  /** The conversation holds as much as this kind of store can keep. */
  | "full"
  /** The user has as many pinned conversations as there may be. */
  | "too-many-pins"
  /** Another version of the app wrote where the list goes on. */
  | "unknown-position"
  /** Throttled, or a race was lost too often: safe to try again soon. */
  | "busy";

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, options?: ErrorOptions) {
    super(`store: ${kind}`, options);
    this.kind = kind;
  }
}
