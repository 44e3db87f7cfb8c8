/** What pictures are drawn of. */

/** What one tenant has, or what all tenants share. */
export interface Topology {
  /** Absent for what all tenants share. */
  readonly tenant?: string;
  readonly rooms: readonly Room[];
  readonly arrows: readonly Arrow[];
}

export interface Room {
  readonly urn: string;
  /** The class that the program constructs: `ChatTable`, `Table`. */
  readonly kind: string;
  readonly name: string;
  /** A component's own resources by class, most of a kind first; of a resource nothing. */
  readonly contents: readonly { readonly kind: string; readonly count: number }[];
  /** True where some of it outlives the stack: Pulumi refuses to delete it, or leaves it behind. */
  readonly isKept: boolean;
  /** True for users and models, which are no resources of the stack. */
  readonly isOutside?: true;
  /** The components around it, outermost first; the one that holds all of a tenant is left out. */
  readonly within: readonly Place[];
}

export interface Place {
  readonly urn: string;
  readonly kind: string;
}

/** `from` needs `to`; both are URNs of rooms. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** What makes it so, sorted: `Function.environment`. */
  readonly inputs: readonly string[];
}
