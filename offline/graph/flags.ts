/** What `chatstack graph` may be asked for; apart from the work, which is loaded when it runs. */

/** How closely to look: a room for each component with what is its own, or for each resource. */
export const levels = ["components", "resources"] as const;
export type Level = (typeof levels)[number];

export const formats = ["mermaid", "svg", "json"] as const;
export type Format = (typeof formats)[number];

export interface GraphFlags {
  readonly stack: string;
  readonly tenant?: string;
  readonly level: Level;
  /** Default: what the output's name ends in, else `"mermaid"`. */
  readonly format?: Format;
  /** Default: stdout. */
  readonly output?: string;
}
