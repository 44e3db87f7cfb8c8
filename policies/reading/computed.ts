import type { StackResource } from "../rule.ts";
import { knownAt } from "./read.ts";

/**
 * Whether the provider fills the property in because the program does not declare it: unknown at a first
 * preview, and made from no other resource. A rule that waited for it would pass the preview and object
 * once the resource is there.
 */
export const isComputed = (
  { props, propertyDependencies }: StackResource,
  property: string,
): boolean =>
  knownAt(props, property) === undefined && (propertyDependencies[property] ?? []).length === 0;
