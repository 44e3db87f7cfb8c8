/**
 * What `@pulumi/pulumi` loads and offline commands never call is loaded by its first use. That is npm's installer and a
 * TypeScript compiler, two thirds of the SDK's start and 40 MB.
 */
import { createRequire, Module } from "node:module";

const require = createRequire(import.meta.url);

/** The modules that stand for the rest: one is a namespace of classes, two are functions. */
const automation = "@pulumi/pulumi/automation/index.js";
const closures = [
  "@pulumi/pulumi/runtime/closure/serializeClosure.js",
  "@pulumi/pulumi/runtime/closure/codePaths.js",
];

defer(automation, (load, key) => Reflect.get(load(), key));
for (const name of closures) {
  defer(name, (load, key) => (...args: unknown[]) => {
    const called: unknown = Reflect.get(load(), key);
    return typeof called === "function" ? Reflect.apply(called, undefined, args) : called;
  });
}

/** A version of the SDK that has no such module, or has loaded it, is left alone. */
function defer(name: string, read: (load: () => object, key: string) => unknown): void {
  const path = resolved(name);
  if (path === undefined || require.cache[path] !== undefined) return;
  let loaded: object | undefined;
  const load = (): object => {
    if (loaded === undefined) {
      delete require.cache[path];
      const found: object = require(path);
      loaded = found;
    }
    return loaded;
  };
  const exports = new Proxy(
    {},
    {
      get: (_, key) =>
        typeof key !== "string" || key === "__esModule" ? key === "__esModule" : read(load, key),
      has: (_, key) => key in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const found = Reflect.getOwnPropertyDescriptor(load(), key);
        return found && { ...found, configurable: true };
      },
    },
  );
  require.cache[path] = Object.assign(new Module(path), { exports, loaded: true, filename: path });
}

function resolved(name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
