/**
 * Which changes the provider cannot make in place: by the table and the rules that `plan` judges by
 * (`offline/upgrade/`), over values as the provider protocol has them.
 */
import { fieldsOf } from "../../../offline/fields.ts";
import { replacingPaths, rulesFor } from "../../../offline/upgrade/provider.ts";
import type { Properties } from "./wire.ts";

export interface Verdict {
  /** Properties for whose change the provider makes a new resource. */
  readonly replacing: readonly string[];
  /** The provider's refusal, which it makes at preview; undefined where there is none. */
  readonly refusal: string | undefined;
}

/**
 * @param state as deployed.
 * @param news as it would be.
 * @param changed names of the properties that differ to the provider; the others count as equal.
 * @param isSame whether two values at a path of inputs, e.g. `a.b`, are the same to the provider.
 */
export function verdictOn(
  type: string,
  state: Properties,
  news: Properties,
  changed: readonly string[],
  isSame: (path: string, before: unknown, after: unknown) => boolean,
): Verdict {
  const before = said({ ...news, ...Object.fromEntries(changed.map((key) => [key, state[key]])) });
  const after = said(news);
  const outcome = rulesFor(type, before, after);
  const found = replacingPaths(type).filter(
    (path) =>
      changed.includes(top(path)) && !isSame(path, valueAt(before, path), valueAt(after, path)),
  );
  const refused = outcome.refuses?.map(({ path, reason }) => `${path} ${reason}`) ?? [];
  return {
    replacing: [...new Set([...found, ...(outcome.replaces ?? [])].map(top))],
    refusal: refused.length > 0 ? refused.join("; ") : undefined,
  };
}

const top = (path: string): string => path.split(".")[0] ?? path;

/** The protocol's nothing is `null`. */
const said = (value: Properties): Properties =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce((at: unknown, key) => fieldsOf(at)[key], value);
