/**
 * The value at a dotted path (`rules.0.enabled`; a list of keys where a key has dots), `undefined` where any step
 * is absent or null. Throws, as every reading here, where the value is unknown at preview: let it through.
 */
export function at(value: unknown, path: string | readonly string[]): unknown {
  let here = value;
  for (const key of typeof path === "string" ? keysOf(path) : path) {
    if (!isObject(here)) return undefined;
    here = here[key] ?? undefined;
  }
  return here;
}

/** Rules ask for the same few paths of every resource. */
function keysOf(path: string): readonly string[] {
  const known = paths.get(path);
  if (known) return known;
  const keys = path.split(".");
  if (paths.size < 10_000) paths.set(path, keys);
  return keys;
}

const paths = new Map<string, readonly string[]>();

export function textAt(value: unknown, path: string | readonly string[]): string | undefined {
  const found = at(value, path);
  return typeof found === "string" ? found : undefined;
}

/** Numbers, and numbers written as text; providers accept both. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  const number = typeof found === "string" && found.trim() !== "" ? Number(found) : found;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A list; absent is empty, a single value is a list of one. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  return listOf(at(value, path));
}

export function textsAt(value: unknown, path: string): readonly string[] {
  return listAt(value, path).filter((entry) => typeof entry === "string");
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** As `at`, but `undefined` where unknown: to find out who refers to whom, never to judge. */
export function knownAt(value: unknown, path: string | readonly string[]): unknown {
  try {
    return at(value, path);
  } catch (error) {
    if (unknownProperty(error) === undefined) throw error;
    return undefined;
  }
}

/** The texts at the path, a list or one, leaving out what is unknown: for joins as well. */
export function knownTextsAt(value: unknown, path: string): readonly string[] {
  const found = knownAt(value, path);
  const entries = Array.isArray(found)
    ? Array.from({ length: found.length }, (_, index) => knownAt(found, `${index}`))
    : [found];
  return entries.filter((entry) => typeof entry === "string");
}

/**
 * Takes every text inside the value, leaving out what is unknown: for joins as well.
 *
 * @param take told the text's path as well, which is another after the call.
 */
export function eachKnownText(
  value: unknown,
  take: (text: string, path: readonly string[]) => void,
  path: string[] = [],
): void {
  if (typeof value === "string") take(value, path);
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    path.push(key);
    eachKnownText(knownAt(value, [key]), take, path);
    path.pop();
  }
}

/**
 * The dotted path of the value that could not be known, or `undefined` for any other error. The SDK hands
 * resources over behind a proxy that throws an `UnknownValueError`, a class it does not export.
 */
export function unknownProperty(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.constructor.name !== "UnknownValueError") return undefined;
  return "props" in error && Array.isArray(error.props) ? error.props.join(".") : error.message;
}
