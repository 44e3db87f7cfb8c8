/** Which versions a change may replace; 0 is the version of what does not exist. */
export type Guard =
  | { readonly versions: readonly number[] }
  /** Any but these. */
  | { readonly except: readonly number[] };

/** Whether what has this version may be changed. */
export function allows(guard: Guard | undefined, version: number): boolean {
  if (guard === undefined) return true;
  return "versions" in guard ? guard.versions.includes(version) : !guard.except.includes(version);
}
