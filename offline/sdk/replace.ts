/**
 * Puts another function in the place of one that an object exports, for all who call it there.
 *
 * @param by makes the new function of the one that was there.
 * @returns what undoes it; an object without such a function stays as it is.
 */
export function replace(
  owner: object,
  name: string,
  by: (original: (...args: unknown[]) => unknown) => unknown,
): () => void {
  const original: unknown = Reflect.get(owner, name);
  if (!isFunction(original) || !Reflect.set(owner, name, by(original))) return () => {};
  return () => Reflect.set(owner, name, original);
}

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown =>
  typeof value === "function";
