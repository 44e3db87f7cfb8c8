/** Which remote components are known, and of which version of their package. */
import type { ResourceRecord } from "../record.ts";
import { awsxVpc } from "./awsx-vpc.ts";
import type { Construct } from "./component.ts";

interface Known {
  /** Versions whose provider was run under the engine, and made the same. */
  readonly versions: RegExp;
  readonly construct: Construct;
}

const components = new Map<string, Known>([
  ["awsx:ec2:Vpc", { versions: /^3\.9\./, construct: awsxVpc }],
]);

/** @returns undefined for a component, or a version of it, that stays one opaque resource. */
export function constructOf({ type, options }: ResourceRecord): Construct | undefined {
  const known = components.get(type);
  return known?.versions.test(options.version ?? "") ? known.construct : undefined;
}
