import type { z } from "zod";
import type { AwsClients } from "./clients.ts";

export interface ResourceRequest {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Id that the option `import` names: it has to be there already. */
  readonly adopts: string | undefined;
  /** Explicit, or as the provider would generate it: the same on every run. */
  readonly physicalName: string;
  readonly clients: AwsClients;
  /** Whether S3 is spoken to without TLS here, so that a policy that asks for it would refuse everything. */
  readonly isPlainS3: boolean;
  /**
   * Makes a call that an emulator may not know. Where it does not, the resource goes without and
   * the omission is reported.
   *
   * @param call name of the API operation
   * @returns whether the call was made
   */
  readonly optional: (call: string, run: () => Promise<unknown>) => Promise<boolean>;
  /** Reports an input that has no effect here. */
  readonly omit: (input: string) => void;
}

export interface ProvisionedResource {
  readonly id: string;
  /** `absent`: it is only a call that the emulator does not know. */
  readonly action: "created" | "adopted" | "absent";
  /** What the service says, over the plausible values that stand for the rest. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Creates what a registration describes, or adopts what is there from an earlier run. */
export type Provision = (request: ResourceRequest) => Promise<ProvisionedResource>;

/** Inputs that mean nothing to a service, or only when a resource is deleted. */
const immaterial = ["name", "bucket", "region", "forceDestroy", "skipDestroy"];

/**
 * A provision that takes the inputs named in `schema`. Others are reported as without effect: a list
 * of what is missing that was written by hand would soon be wrong.
 */
export function provision<Schema extends z.ZodObject>(
  schema: Schema,
  run: (args: z.output<Schema>, request: ResourceRequest) => Promise<ProvisionedResource>,
): Provision {
  return (request) => {
    for (const [input, value] of Object.entries(request.inputs)) {
      const known = Object.hasOwn(schema.shape, input) || immaterial.includes(input);
      if (!known && value !== undefined) request.omit(input);
    }
    return run(schema.parse(request.inputs), request);
  };
}
