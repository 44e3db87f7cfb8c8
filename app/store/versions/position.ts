/** `app/store/versions/`: what is made of what another version of the app wrote. */
import * as z from "zod";
import { isIdentifier } from "../../http/identifiers.ts";
import { StoreError } from "../store-error.ts";

/**
 * Where a list goes on, as an earlier page said it. Cursors are signed: one that does not fit was written by a
 * later version, during a canary or before a rollback. Its holder starts again.
 */
export function readPosition<T>(schema: z.ZodType<T, string>, position: string): T {
  const { success, data } = schema.safeParse(position);
  if (!success) throw new StoreError("unknown-position");
  return data;
}

/** A position that is written as JSON. */
export function jsonOf<T>(schema: z.ZodType<T>): z.ZodType<T, string> {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue("not JSON");
        return z.NEVER;
      }
    })
    .pipe(schema);
}

export const identifierPosition = z.string().refine(isIdentifier);

export const sequencePosition = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number);

/** A position of several parts. */
export function partsOf<T>(schema: z.ZodType<T>): z.ZodType<T, string> {
  return z
    .string()
    .transform((text): unknown => text.split("|"))
    .pipe(schema);
}

/** A conversation's place in an order. */
export const placePosition = z.string().regex(/^[^|/]+\/[\w-]{1,64}$/);
