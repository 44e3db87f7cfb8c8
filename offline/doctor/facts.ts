/** What the account says of itself, as far as it lets itself be read. */
export type Read<T> = { readonly value: T } | { readonly refused: string };

export interface AccountFacts {
  /** Twelve digits. */
  readonly account: string;
  readonly concurrency: Read<Concurrency>;
  /** Limits that AWS applies to the account, by quota code; codes that it does not tell are absent. */
  readonly limits: ReadonlyMap<string, number>;
  /** By the id of the model. */
  readonly models: ReadonlyMap<string, Read<ModelAccess>>;
  /** ARN of the role that API Gateway logs with; undefined where none is set. */
  readonly gatewayRole: Read<string | undefined>;
  /** By key; keys that no bill has shown yet are absent. */
  readonly costTags: Read<ReadonlyMap<string, "Active" | "Inactive">>;
  readonly mail: Read<MailAccess>;
  /** By the service's principal: whether its role is there. */
  readonly serviceRoles: ReadonlyMap<string, Read<boolean>>;
  /** By ARN: the policy's document as JSON; undefined where there is no such policy. */
  readonly boundaries: ReadonlyMap<string, Read<string | undefined>>;
  /** By id: the zone's name; undefined where there is no such zone. */
  readonly zones: ReadonlyMap<string, Read<string | undefined>>;
  /** By ARN; undefined where there is no such topic. */
  readonly topics: ReadonlyMap<string, Read<Subscriptions | undefined>>;
}

export interface Concurrency {
  readonly limit: number;
  /** What no function has reserved. */
  readonly unreserved: number;
}

/** As Bedrock's `GetFoundationModelAvailability` has it. */
export interface ModelAccess {
  readonly agreement: string;
  readonly authorization: string;
  readonly entitlement: string;
  readonly region: string;
}

export interface MailAccess {
  /** False in the sandbox of Amazon SES. */
  readonly isProduction: boolean;
  readonly maySend: boolean;
}

export interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}
