/** Steps of a refresh, as the engine's events carry them. */
import type {
  DiffKind,
  OpType,
  StepEventMetadata,
  StepEventStateMetadata,
} from "@pulumi/pulumi/automation/index.js";

type Properties = Readonly<Record<string, unknown>>;

export interface Drifted {
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  /** Inputs in the state. */
  readonly state?: Properties;
  /** Inputs as the cloud has them; absent where it has not got the resource. */
  readonly reality?: Properties;
  readonly outputs?: Properties;
  readonly diff?: Readonly<Record<string, `${DiffKind}`>>;
  readonly op?: OpType;
}

export const urnOf = (type: string, name: string): string =>
  `urn:pulumi:prod::fleet::${type}::${name}`;

export function step({ type, name, parent = "", ...rest }: Drifted): Partial<StepEventMetadata> {
  const { state = {}, reality, outputs = {}, diff, op = "same" } = rest;
  const urn = urnOf(type, name);
  const common = { type, urn, id: name, parent, provider: "" };
  const side = (inputs: Properties): StepEventStateMetadata => ({
    ...common,
    inputs: { ...inputs },
    outputs: { ...outputs, ...inputs },
  });
  const detailed = Object.entries(diff ?? {}).map(([path, diffKind]) => [
    path,
    { diffKind, inputDiff: true },
  ]);
  return {
    op,
    urn,
    type,
    old: side(state),
    ...(reality && { new: side(reality) }),
    ...(diff && { detailedDiff: Object.fromEntries(detailed) }),
    provider: "",
  };
}
