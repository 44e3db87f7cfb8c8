/**
 * `offline/sdk/`: what Pulumi's SDK does for every property of every resource, done with less work while a program is
 * evaluated in this process. The program sees the same outputs; a test compares the records with those of the untouched SDK.
 *
 * Each replacement is of a function that the SDK's modules call on one another's exports, so it holds for the whole
 * process, and is undone after the run. Where a version of the SDK has no such function, it stays as it is, and slower.
 */

import output from "@pulumi/pulumi/output.js";
import { Resource } from "@pulumi/pulumi/resource.js";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import resource from "@pulumi/pulumi/runtime/resource.js";
import { stand } from "./bound.ts";
import { apply, functions } from "./output.ts";
import { debuggablePromise } from "./promises.ts";
import { type Registrar, Registrations } from "./registrations.ts";
import { replace } from "./replace.ts";

export interface SdkOptions {
  /** Where each resource was made, file and line, costs a stack trace a resource. */
  readonly sourcePositions: boolean;
}

/** Replaces, and returns what undoes it. */
export function leanSdk(monitor: Registrar, { sourcePositions }: SdkOptions): () => void {
  const registrations = new Registrations(monitor);
  const undo = [
    replace(resource, "registerResource", (by) => registrations.registerResource(by)),
    replace(resource, "registerResourceOutputs", (by) => registrations.registerResourceOutputs(by)),
    replace(Object(Reflect.get(output.Output, "prototype")), "apply", () => apply),
    stand(functions),
    replace(debuggable, "debuggablePromise", () => debuggablePromise),
    ...(sourcePositions ? [] : [replace(Resource, "callsites", () => () => [])]),
  ];
  return () => {
    for (const one of undo) one();
  };
}
