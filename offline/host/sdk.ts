/** What is changed of the SDK that a program loads, for the time that it is evaluated. */
import { z } from "zod";

const sdk = z.looseObject({
  Resource: z.custom<object>((value) => typeof value === "function"),
  unknown: z.custom<object>((value) => typeof value === "object" && value !== null).optional(),
  runtime: z.looseObject({ unknownValue: z.string() }),
});

/**
 * - Frames of ES modules' top level have no parentheses, and their files are URLs: the SDK reads neither.
 * - An unknown value that a program puts into a text, or into JSON, is recognized there.
 *
 * @param loaded exports of the program's `@pulumi/pulumi`; versions that lack a part are left as they are.
 */
export function adaptSdk(loaded: unknown): void {
  const parsed = sdk.safeParse(loaded);
  if (!parsed.success) return;
  const { Resource, unknown, runtime } = parsed.data;
  if ("framePositionRegExp" in Resource) Object.assign(Resource, { framePositionRegExp });
  const prototype: object | undefined = unknown && Object.getPrototypeOf(unknown);
  if (prototype !== undefined) {
    const text = { value: () => runtime.unknownValue, configurable: true };
    Object.defineProperties(prototype, { toString: text, toJSON: text });
  }
}

const framePositionRegExp =
  /^\s*at (?:.* \()?(?:file:\/\/)?(?<file>[^\s(].*):(?<line>[0-9]+):(?<column>[0-9]+)\)?$/;
