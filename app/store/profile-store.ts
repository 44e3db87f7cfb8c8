import type { Guard } from "./guard.ts";

/** Profiles of one tenant's users. Fails with `StoreError`. */
export interface ProfileStore {
  /** Undefined until the user's first `put`. */
  get(user: string): Promise<StoredProfile | undefined>;

  /** Creates or replaces. The version of a profile that was never put is 0. */
  put(user: string, draft: ProfileDraft, guard?: Guard): Promise<StoredProfile>;
}

export interface ProfileDraft {
  readonly name: string | null;
  readonly email: string | null;
  readonly preferences: Readonly<Record<string, unknown>>;
}

export interface StoredProfile extends ProfileDraft {
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}
