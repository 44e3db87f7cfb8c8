import type { AwsClients } from "./clients.ts";

export interface ResourceRequest {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Explicit, or as the provider would generate it: the same on every run. */
  readonly physicalName: string;
  readonly clients: AwsClients;
  /**
   * Makes a call that an emulator may not know. Where it does not, the resource goes without and
   * the omission is reported.
   *
   * @param call name of the API operation
   * @returns whether the call was made
   */
  readonly optional: (call: string, run: () => Promise<unknown>) => Promise<boolean>;
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
