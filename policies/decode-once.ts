/**
 * The SDK's server decodes a resource's properties anew for each policy, and all resources of a stack for each
 * stack policy: half of the time that a check takes. Decoded once, and copied by the SDK before any policy sees
 * them, they are the same. Where the SDK has a protobuf library of its own, nothing is gained and nothing lost.
 */
import struct from "google-protobuf/google/protobuf/struct_pb.js";

const { Struct } = struct;
const decode = Struct.prototype.toJavaScript;
const decoded = new WeakMap<object, ReturnType<typeof decode>>();
let isNested = false;

/** Remembers whole messages only: what is inside of them is reached through them. */
Struct.prototype.toJavaScript = function (this: struct.Struct) {
  if (isNested) return decode.call(this);
  const known = decoded.get(this);
  if (known !== undefined) return known;
  isNested = true;
  try {
    const value = decode.call(this);
    decoded.set(this, value);
    return value;
  } finally {
    isNested = false;
  }
};
