/**
 * `offline/sdk/`: what Pulumi's SDK does for every property of every resource, done with less work while a program is
 * evaluated in this process. The program sees the same outputs; a test compares the records with those of the untouched SDK.
 *
 * Each replacement is of a function that the SDK's modules call on one another's exports, so it holds for the whole
 * process, and is undone after the run. Where a version of the SDK has no such function, it stays as it is, and slower.
 */

import { Resource } from "@pulumi/pulumi/resource.js";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import rpc from "@pulumi/pulumi/runtime/rpc.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { serializeResourceProperties } from "./inputs.ts";
import { transferProperties } from "./outputs.ts";
import { debuggablePromise } from "./promises.ts";
import { replace } from "./replace.ts";
import { structOf } from "./structs.ts";

export interface SdkOptions {
  /** Where each resource was made, file and line, costs a stack trace a resource. */
  readonly sourcePositions: boolean;
}

/** Replaces, and returns what undoes it. */
export function leanSdk({ sourcePositions }: SdkOptions): () => void {
  const undo = [
    replace(rpc, "transferProperties", () => transferProperties),
    replace(rpc, "serializeResourceProperties", () => serializeResourceProperties),
    replace(debuggable, "debuggablePromise", () => debuggablePromise),
    replace(struct.Struct, "fromJavaScript", () => structOf),
    ...(sourcePositions ? [] : [replace(Resource, "callsites", () => () => [])]),
  ];
  return () => {
    for (const one of undo) one();
  };
}
