/** What `chatstack cost` may be asked for; apart from the work, which is loaded when it runs. */
import type { ScenarioName } from "./scenarios.ts";

export interface CostFlags {
  readonly stack: string;
  /** One tenant of each tier instead of a stack's. */
  readonly tiers?: true;
  /** What to show the difference from: a stack, a file, a git revision or a state, as for `plan`. */
  readonly against?: string;
  readonly tenant?: readonly string[];
  /** File that says how much tenants are used. */
  readonly usage?: string;
  /** `field=value`, over the file. */
  readonly set?: readonly string[];
  readonly scenario?: ScenarioName | "all";
  /** File with prices. */
  readonly prices?: string;
  readonly printPrices?: true;
  readonly printUsage?: true;
  readonly explain?: true;
  readonly markdown?: true;
  /** True writes to stdout, a text to the file of that name. */
  readonly json?: string | true;
}
