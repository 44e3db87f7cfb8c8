/** One resource as the program registered it: what the engine would be asked to create, and how. */
export interface ResourceRecord {
  readonly urn: string;
  /** Type token, e.g. `aws:dynamodb/table:Table`. */
  readonly type: string;
  /** Logical name, unique among resources of its type and parent. */
  readonly name: string;
  /** URN of the parent; absent on the stack itself. */
  readonly parent?: string;
  /** True for resources that a provider manages, false for components. */
  readonly custom: boolean;
  /**
   * Inputs with every output resolved and secrets unwrapped: never print values named in `secrets`.
   * Assets are plain: `{ archive: { path } }`, `{ asset: { text } }`.
   */
  readonly inputs: Record<string, unknown>;
  /** Top-level inputs that are, or contain, secrets. */
  readonly secrets: readonly string[];
  /** Provider-assigned id; absent on components. */
  readonly id?: string;
  /** When it was made, e.g. `2026-11-29T13:13:12.7Z`; of resources of a state alone. */
  readonly created?: string;
  /** Inputs overlaid with what the provider returned; for components, what they registered. */
  readonly outputs: Record<string, unknown>;
  readonly options: ResourceRecordOptions;
  /** For each input, the URNs of the resources its value came from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Where the program makes it; absent where the SDK or the runtime does not tell. */
  readonly source?: SourcePlace;
  /** True for a component whose children only its provider knows: it has none here. */
  readonly remote?: true;
}

export interface SourcePlace {
  /** Absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

export interface ResourceRecordOptions {
  /** As the engine would see it: inherited from the parent where the resource says nothing. */
  readonly protect: boolean;
  /** As the engine would see it: inherited from the parent where the resource says nothing. */
  readonly retainOnDelete: boolean;
  readonly deletedWith?: string;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly ResourceAlias[];
  readonly import?: string;
  /** Reference `urn::id` of the explicit provider, if any. */
  readonly provider?: string;
  readonly version?: string;
}

/** Of a resource about which the program says nothing. */
export const plainOptions: ResourceRecordOptions = {
  protect: false,
  retainOnDelete: false,
  dependencies: [],
  ignoreChanges: [],
  replaceOnChanges: [],
  deleteBeforeReplace: false,
  additionalSecretOutputs: [],
  aliases: [],
};

export type ResourceAlias =
  | string
  | {
      readonly name?: string;
      readonly type?: string;
      readonly parent?: string;
      readonly noParent?: boolean;
    };
